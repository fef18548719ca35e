import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { CatalogModule } from '../catalog/catalog.module.js';
import { CheckTypes } from './engine/check-types.js';
import { Conclusions } from './engine/conclusions.js';
import { EngineLease } from './engine/engine-lease.js';
import { GateEngine } from './engine/gate-engine.js';
import { gateMetricProviders } from './engine/gate-metrics.js';
import { GateRunStore } from './engine/gate-run-store.js';
import { GateWatches } from './engine/gate-watches.js';
import { HttpCheck } from './engine/http-check.js';
import { HttpProbe } from './engine/http-probe.js';
import { IdentityProbe } from './engine/identity-probe.js';
import { MeasurementStore } from './engine/measurement-store.js';
import { ProbeUrls } from './engine/probe-urls.js';
import { GatesController } from './gates.controller.js';
import { GateEngineEntity, GateRunEntity, GateSpecificationEntity, MeasurementEntity } from './gates.entities.js';
import { GateRuns } from './gates.events.js';
import { GatesReader } from './gates.reader.js';
import { GatesService } from './gates.service.js';
import { MeasurementRetention } from './measurement-retention.js';

@Module({
  imports: [
    CatalogModule,
    TypeOrmModule.forFeature([GateEngineEntity, GateRunEntity, GateSpecificationEntity, MeasurementEntity]),
  ],
  controllers: [GatesController],
  providers: [
    GateRuns,
    GatesReader,
    GatesService,
    MeasurementRetention,
    ...gateMetricProviders,
    CheckTypes,
    HttpCheck,
    HttpProbe,
    IdentityProbe,
    ProbeUrls,
    Conclusions,
    EngineLease,
    GateEngine,
    GateRunStore,
    GateWatches,
    MeasurementStore,
  ],
  exports: [GateRuns, GatesReader],
})
export class GatesModule {}
