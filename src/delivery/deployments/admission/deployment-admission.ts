import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditLog } from '../../../platform/audit/audit-log.js';
import { assertRole, assertServiceAllowed } from '../../../platform/auth/access.js';
import type { Principal } from '../../../platform/auth/principal.js';
import { Clock } from '../../../platform/clock.js';
import { DomainError } from '../../../platform/http/problems/domain-error.js';
import type { Slot } from '../../catalog/catalog.reader.js';
import { FreezesReader } from '../../freezes/freezes.reader.js';
import type { KnownRelease } from '../../releases/releases.reader.js';
import { DeploymentEntity, newDeployment } from '../deployment.entity.js';
import { type Staleness, stalenessOf } from '../deployment.model.js';
import type { CreateDeploymentBody } from '../deployments.dto.js';
import { deploymentsErrors, slotBusy } from '../deployments.errors.js';
import { DeploymentsReader } from '../deployments.reader.js';
import { DeploymentEvents } from '../lifecycle/deployment-events.js';
import { DeploymentLifecycle } from '../lifecycle/deployment-lifecycle.js';
import { SlotLedger } from '../slots/slot-ledger.js';
import type { SlotStateEntity } from '../slots/slot-state.entity.js';
import { DeploymentSubjects } from './deployment-subjects.js';

const STALE: Record<NonNullable<Staleness>, string> = {
  'stale-base': 'The slot does not run the release that "expectedPrevious" names.',
  outdated: 'The slot runs a release with a later "sequenceKey".',
};

export interface Admission {
  readonly deployment: DeploymentEntity;
  /** False where the external id was known: then this is the deployment that has it. */
  readonly isNew: boolean;
}

/** Lets new deployments into their slot: at once, into the queue, or not at all. */
@Injectable()
export class DeploymentAdmission {
  constructor(
    private readonly subjects: DeploymentSubjects,
    private readonly reader: DeploymentsReader,
    private readonly ledger: SlotLedger,
    private readonly lifecycle: DeploymentLifecycle,
    private readonly freezes: FreezesReader,
    private readonly events: DeploymentEvents,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError `slot-busy`, `frozen`, `freeze-unknown`, `stale-base`, `outdated`, `external-id-differs` */
  async create(tx: EntityManager, principal: Principal, body: CreateDeploymentBody): Promise<Admission> {
    assertServiceAllowed(principal, body.service);
    if (body.override) assertRole(principal, 'operator');
    const { slot, release } = await this.subjects.resolve(tx, body);
    const state = await this.ledger.lock(tx, slot.id);
    const known = await this.knownByExternalId(tx, slot, release, body);
    if (known) return { deployment: known, isNew: false };
    const isBusy = await this.assertFreeOrQueueing(tx, slot, body.onConflict);
    const override = body.override ? { actor: principal.name, reason: body.override.freeze } : null;
    const freezeDecision = await this.freezes.decide(tx, slot, override);
    const own = { actor: principal.name, freezeDecision, createdAt: this.clock.now() };
    const deployment = newDeployment({ ...wishedFor(body, slot, release), ...own });
    this.assertFresh(deployment, await this.ledger.running(tx, state));
    if (isBusy) await this.enqueue(tx, principal, state, deployment);
    else await this.admit(tx, principal, state, deployment);
    const { service, environment } = slot;
    const after = { service, environment, digest: release.digest, state: deployment.state, override };
    const action = 'deployment.create';
    await this.audit.record(tx, { principal, action, subject: deployment.id, before: null, after });
    return { deployment, isNew: true };
  }

  /** Puts a new deployment into its free, locked slot. */
  async admit(
    tx: EntityManager,
    principal: Principal,
    slot: SlotStateEntity,
    deployment: DeploymentEntity,
  ): Promise<void> {
    Object.assign(deployment, { state: 'in_progress', applied: ['start'], startedAt: deployment.createdAt });
    deployment.sequence = slot.sequence += 1;
    await this.lifecycle.takeSlot(tx, slot, deployment, principal);
    await this.insert(tx, deployment);
  }

  private async enqueue(
    tx: EntityManager,
    principal: Principal,
    slot: SlotStateEntity,
    deployment: DeploymentEntity,
  ): Promise<void> {
    await this.lifecycle.supersedeWaiting(tx, slot, deployment, principal);
    Object.assign(deployment, { state: 'queued', queuedAt: deployment.createdAt });
    deployment.sequence = slot.sequence += 1;
    await this.ledger.keep(tx, slot);
    await this.insert(tx, deployment);
  }

  private async insert(tx: EntityManager, deployment: DeploymentEntity): Promise<void> {
    await tx.getRepository(DeploymentEntity).insert(deployment);
    await this.events.append(tx, deployment, 'create');
  }

  private async knownByExternalId(
    tx: EntityManager,
    slot: Slot,
    release: KnownRelease,
    { externalId, kind }: CreateDeploymentBody,
  ): Promise<DeploymentEntity | null> {
    if (externalId === null) return null;
    const known = await tx.getRepository(DeploymentEntity).findOneBy({ slotId: slot.id, externalId });
    if (!known || (known.releaseId === release.id && known.kind === kind)) return known;
    throw new DomainError(
      deploymentsErrors.externalIdDiffers,
      `The external id "${externalId}" belongs to a deployment of another release or kind in this slot.`,
      { holder: { id: known.id, state: known.state } },
    );
  }

  /** Whether the slot is busy; only who asked for the queue may hear so instead of `slot-busy`. */
  private async assertFreeOrQueueing(tx: EntityManager, slot: Slot, onConflict: 'fail' | 'queue'): Promise<boolean> {
    const holder = await this.reader.holder(tx, slot.id);
    if (!holder || onConflict === 'queue') return holder !== null;
    throw slotBusy(holder, 'Wait for it, or create with "onConflict": "queue".');
  }

  private assertFresh(deployment: DeploymentEntity, running: Parameters<typeof stalenessOf>[1]): void {
    const staleness = stalenessOf(deployment, running);
    if (!staleness) return;
    const error = staleness === 'outdated' ? deploymentsErrors.outdated : deploymentsErrors.staleBase;
    throw new DomainError(error, STALE[staleness], {
      runningRelease: running.digest,
      runningReleaseState: running.state,
    });
  }
}

/** What of a new deployment the request alone decides. */
function wishedFor(body: CreateDeploymentBody, slot: Slot, release: KnownRelease) {
  const { kind, externalId, retryOf, remediates, autoRollback, expectedPrevious } = body;
  return {
    slotId: slot.id,
    service: slot.service,
    environment: slot.environment,
    releaseId: release.id,
    sequenceKey: body.sequenceKey === null ? null : new Date(body.sequenceKey),
    kind,
    externalId,
    retryOf,
    remediates,
    autoRollback,
    expectedPrevious,
  };
}
