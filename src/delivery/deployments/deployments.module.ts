import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { CatalogModule } from '../catalog/catalog.module.js';
import { FreezesModule } from '../freezes/freezes.module.js';
import { GatesModule } from '../gates/gates.module.js';
import { IncidentsModule } from '../incidents/incidents.module.js';
import { ReleasesModule } from '../releases/releases.module.js';
import { DeploymentAdmission } from './admission/deployment-admission.js';
import { DeploymentSubjects } from './admission/deployment-subjects.js';
import { DeploymentEntity } from './deployment.entity.js';
import { DeploymentsController } from './deployments.controller.js';
import { DeploymentsReader } from './deployments.reader.js';
import { DeploymentsService } from './deployments.service.js';
import { DeploymentImports } from './imports/deployment-imports.events.js';
import { DeploymentDeadlines } from './lifecycle/deployment-deadlines.js';
import { DeploymentEvents } from './lifecycle/deployment-events.js';
import { DeploymentLifecycle } from './lifecycle/deployment-lifecycle.js';
import { DeploymentMetrics, deploymentMetrics } from './lifecycle/deployment-metrics.js';
import { DeploymentQueue } from './lifecycle/deployment-queue.js';
import { EventRetention } from './lifecycle/event-retention.js';
import { RollbacksController } from './rollbacks/rollbacks.controller.js';
import { Rollbacks } from './rollbacks/rollbacks.js';
import { Attributions } from './slots/attributions.js';
import { DriftGauge, driftMetric } from './slots/drift-gauge.js';
import { Drifts } from './slots/drifts.js';
import { HostWatch, hostWatchMetric } from './slots/host-watch.js';
import { Observations } from './slots/observations.js';
import { Outages } from './slots/outages.js';
import { RunningReleases } from './slots/running-releases.js';
import { SlotLedger } from './slots/slot-ledger.js';
import { SlotStateEntity } from './slots/slot-state.entity.js';
import { SlotsController } from './slots/slots.controller.js';
import { SlotsReader } from './slots/slots.reader.js';
import { VerdictsController } from './verdicts/verdicts.controller.js';
import { lookEvery, Verdicts } from './verdicts/verdicts.js';
import { DocumentedWords } from '../../platform/http/openapi/documented-words.js';
import { deploymentsWords } from './deployments.words.js';

@Module({
  imports: [
    TypeOrmModule.forFeature([DeploymentEntity, SlotStateEntity]),
    CatalogModule,
    ReleasesModule,
    IncidentsModule,
    GatesModule,
    FreezesModule,
  ],
  controllers: [DeploymentsController, RollbacksController, SlotsController, VerdictsController],
  providers: [
    ...deploymentMetrics,
    driftMetric,
    hostWatchMetric,
    HostWatch,
    DriftGauge,
    Drifts,
    lookEvery,
    Attributions,
    DeploymentAdmission,
    DeploymentDeadlines,
    DeploymentEvents,
    DeploymentImports,
    DeploymentLifecycle,
    DeploymentMetrics,
    DeploymentQueue,
    DeploymentSubjects,
    DeploymentsReader,
    DeploymentsService,
    EventRetention,
    Observations,
    Outages,
    Rollbacks,
    RunningReleases,
    SlotLedger,
    SlotsReader,
    Verdicts,
  ],
  exports: [DeploymentImports, DeploymentsReader],
})
export class DeploymentsModule {
  constructor(words: DocumentedWords) {
    words.add(deploymentsWords);
  }
}
