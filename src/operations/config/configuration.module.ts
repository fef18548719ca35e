import { type DynamicModule, Module } from '@nestjs/common';
import { RuntimeConfigModule } from '../runtime-config/runtime-config.module.js';
import { ConfigController } from './config.controller.js';
import { ConfigModule } from './config.module.js';
import { CONFIGURATION, type Configuration } from './load-settings.js';
import { Secrets } from './secrets.js';

/** The settings of this process, their sources, and the secrets that may change. */
@Module({})
export class ConfigurationModule {
  static forRoot(configuration: Configuration): DynamicModule {
    const { settings } = configuration;
    return {
      module: ConfigurationModule,
      global: true,
      imports: [ConfigModule.forRoot(settings), RuntimeConfigModule],
      controllers: [ConfigController],
      providers: [
        { provide: CONFIGURATION, useValue: configuration },
        { provide: Secrets, useFactory: () => new Secrets(settings) },
      ],
      exports: [CONFIGURATION, Secrets],
    };
  }
}
