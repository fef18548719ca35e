import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { CatalogModule } from '../catalog/catalog.module.js';
import { GatesModule } from '../gates/gates.module.js';
import { ReleasesModule } from '../releases/releases.module.js';
import { DeploymentAdmission } from './deployment-admission.js';
import { DeploymentDeadlines } from './deployment-deadlines.js';
import { DeploymentEvents } from './deployment-events.js';
import { DeploymentLifecycle } from './deployment-lifecycle.js';
import { DeploymentMetrics, deploymentMetrics } from './deployment-metrics.js';
import { DeploymentQueue } from './deployment-queue.js';
import { DeploymentSubjects } from './deployment-subjects.js';
import { DeploymentEntity } from './deployment.entity.js';
import { DeploymentsController } from './deployments.controller.js';
import { DeploymentsReader } from './deployments.reader.js';
import { DeploymentsService } from './deployments.service.js';
import { EventRetention } from './event-retention.js';
import { FreezeFlag } from './freeze-flag.js';
import { DriftGauge, driftMetric } from './drift-gauge.js';
import { Freezes } from './freezes.js';
import { Observations } from './observations.js';
import { Rollbacks } from './rollbacks.js';
import { SlotLedger } from './slot-ledger.js';
import { SlotStateEntity } from './slot-state.entity.js';
import { SlotsController } from './slots.controller.js';
import { SlotsReader } from './slots.reader.js';
import { lookEvery, Verdicts } from './verdicts.js';
import { VerdictsController } from './verdicts.controller.js';

@Module({
  imports: [TypeOrmModule.forFeature([DeploymentEntity, SlotStateEntity]), CatalogModule, ReleasesModule, GatesModule],
  controllers: [DeploymentsController, VerdictsController, SlotsController],
  providers: [
    ...deploymentMetrics,
    driftMetric,
    DriftGauge,
    lookEvery,
    DeploymentAdmission,
    DeploymentDeadlines,
    DeploymentEvents,
    DeploymentLifecycle,
    DeploymentMetrics,
    DeploymentQueue,
    DeploymentSubjects,
    DeploymentsReader,
    DeploymentsService,
    EventRetention,
    FreezeFlag,
    Freezes,
    Observations,
    Rollbacks,
    SlotLedger,
    SlotsReader,
    Verdicts,
  ],
  exports: [DeploymentsReader, Freezes],
})
export class DeploymentsModule {}
