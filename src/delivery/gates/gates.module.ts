import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { CatalogModule } from '../catalog/catalog.module.js';
import { CheckTypes } from './checks/check-types.js';
import { HttpCheck } from './checks/http-check.js';
import { HttpProbe } from './checks/http-probe.js';
import { IdentityProbe } from './checks/identity-probe.js';
import { PrometheusCheck } from './checks/prometheus-check.js';
import { ProbeUrls } from './checks/probe-urls.js';
import { AbandonedRuns } from './engine/abandoned-runs.js';
import { Conclusions } from './engine/conclusions.js';
import { DryRuns } from './engine/dry-runs.js';
import { FailingRuns } from './engine/failing-runs.js';
import { GateEngine } from './engine/gate-engine.js';
import { gateMetricProviders } from './engine/gate-metrics.js';
import { GateWatches } from './engine/gate-watches.js';
import { GatesController } from './gates.controller.js';
import { GateEngineEntity, GateRunEntity, GateSpecificationEntity, MeasurementEntity } from './gates.entities.js';
import { GateRuns } from './gates.events.js';
import { GatesReader } from './gates.reader.js';
import { GatesService } from './gates.service.js';
import { IdentitiesReader } from './identities.reader.js';
import { Sightings } from './engine/sightings.js';
import { Turnstiles } from './schedule/turnstiles.js';
import { EngineLease } from './store/engine-lease.js';
import { GateRunStore } from './store/gate-run-store.js';
import { MeasurementRetention } from './store/measurement-retention.js';
import { MeasurementStore } from './store/measurement-store.js';
import { DocumentedWords } from '../../platform/http/openapi/documented-words.js';
import { gatesWords } from './gates.words.js';

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
    IdentitiesReader,
    MeasurementRetention,
    ...gateMetricProviders,
    CheckTypes,
    HttpCheck,
    HttpProbe,
    IdentityProbe,
    ProbeUrls,
    PrometheusCheck,
    AbandonedRuns,
    Conclusions,
    DryRuns,
    FailingRuns,
    EngineLease,
    GateEngine,
    GateRunStore,
    GateWatches,
    MeasurementStore,
    Sightings,
    Turnstiles,
  ],
  exports: [GateRuns, GatesReader, IdentitiesReader],
})
export class GatesModule {
  constructor(words: DocumentedWords) {
    words.add(gatesWords);
  }
}
