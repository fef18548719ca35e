import { type DynamicModule, Module } from '@nestjs/common';
import { CatalogModule } from './delivery/catalog/catalog.module.js';
import { DeploymentsModule } from './delivery/deployments/deployments.module.js';
import { FreezesModule } from './delivery/freezes/freezes.module.js';
import { GatesModule } from './delivery/gates/gates.module.js';
import { ReleasesModule } from './delivery/releases/releases.module.js';
import type { Settings } from './operations/config/settings.js';
import { OperationsModule } from './operations/operations.module.js';
import type { ServiceProcess } from './operations/service-process.js';
import { PlatformModule } from './platform/platform.module.js';

/** The only place where the rings meet. */
@Module({})
export class AppModule {
  static forRoot(settings: Settings, process?: ServiceProcess): DynamicModule {
    return {
      module: AppModule,
      imports: [
        OperationsModule.forRoot(settings, process),
        PlatformModule,
        CatalogModule,
        ReleasesModule,
        GatesModule,
        FreezesModule,
        DeploymentsModule,
      ],
    };
  }
}
