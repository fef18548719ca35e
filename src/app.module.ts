import { type DynamicModule, type INestApplicationContext, Module } from '@nestjs/common';
import { CatalogModule } from './delivery/catalog/catalog.module.js';
import { DeploymentsModule } from './delivery/deployments/deployments.module.js';
import { EventsModule } from './delivery/events/events.module.js';
import { FreezesModule } from './delivery/freezes/freezes.module.js';
import { GatesModule } from './delivery/gates/gates.module.js';
import { ImportsModule } from './delivery/imports/imports.module.js';
import { IncidentsModule } from './delivery/incidents/incidents.module.js';
import { ReleasesModule } from './delivery/releases/releases.module.js';
import { OperationsModule } from './operations/operations.module.js';
import { PlatformModule } from './platform/platform.module.js';

/** The only place where the rings meet. */
@Module({})
export class AppModule {
  static forRoot(operations: INestApplicationContext): DynamicModule {
    return {
      module: AppModule,
      imports: [
        OperationsModule.of(operations),
        PlatformModule,
        CatalogModule,
        ReleasesModule,
        IncidentsModule,
        GatesModule,
        FreezesModule,
        DeploymentsModule,
        ImportsModule,
        EventsModule,
      ],
    };
  }
}
