import { type DynamicModule, Module } from '@nestjs/common';
import { SETTINGS, type Settings } from './settings.js';
import type { SettingsPart } from './settings-part.js';

/** Gives each module its own part of the validated settings. */
@Module({})
export class ConfigModule {
  static forRoot(settings: Settings): DynamicModule {
    return {
      module: ConfigModule,
      global: true,
      providers: [{ provide: SETTINGS, useValue: settings }],
      exports: [SETTINGS],
    };
  }

  /** For a module that declares these parts. */
  static forFeature(...parts: SettingsPart[]): DynamicModule {
    return {
      module: ConfigModule,
      providers: parts.map((part) => ({ provide: part.KEY, inject: [SETTINGS], useFactory: part })),
      exports: parts.map(({ KEY }) => KEY),
    };
  }
}
