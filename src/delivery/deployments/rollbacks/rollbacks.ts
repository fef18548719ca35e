import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditLog } from '../../../platform/audit/audit-log.js';
import { assertRole, assertServiceAllowed } from '../../../platform/auth/access.js';
import type { Principal } from '../../../platform/auth/principal.js';
import { Clock } from '../../../platform/clock.js';
import { DomainError } from '../../../platform/http/problems/domain-error.js';
import { Slots } from '../../catalog/catalog.events.js';
import type { Slot } from '../../catalog/catalog.reader.js';
import { FreezesReader } from '../../freezes/freezes.reader.js';
import { ReleasesReader } from '../../releases/releases.reader.js';
import { DeploymentAdmission } from '../admission/deployment-admission.js';
import { DeploymentEntity, newDeployment } from '../deployment.entity.js';
import type { Reason } from '../deployment.model.js';
import { deploymentsErrors, missingSubjects, neverPromoted, slotBusy } from '../deployments.errors.js';
import { DeploymentsReader } from '../deployments.reader.js';
import { DeploymentLifecycle } from '../lifecycle/deployment-lifecycle.js';
import { HAS_REACHED_HOSTS, SlotLedger } from '../slots/slot-ledger.js';
import type { SlotStateEntity } from '../slots/slot-state.entity.js';
import type { RollbackBody } from './rollbacks.dto.js';

/** Of a slot without any of its own it is the newest of those that were imported. */
const REACHED_HOSTS = `
  (select id, release_id as "releaseId", state from deployments
    where slot_id = $1 and fence is not null
      and (deployed_at is not null or (state = 'failed' and hosts_changed is not false))
    order by fence desc limit 1)
  union all
  (select d.id, d.release_id, d.state from deployments d join slot_states s on s.slot_id = d.slot_id
    where d.slot_id = $1 and s.fence = 0 and d.leads and ${HAS_REACHED_HOSTS}
    order by coalesce(d.deployed_at, d.finished_at) desc, d.id desc limit 1)`;

/** The deployment that a rollback undoes. */
type Undone = Pick<DeploymentEntity, 'id' | 'releaseId' | 'state'>;

/** What a rollback goes to, and the sequence key under which that release was promoted. */
interface Target {
  readonly releaseId: string;
  readonly sequenceKey: Date | null;
}

/** The way back: a deployment of its own, that neither a freeze nor a deployment under way can keep from starting. */
@Injectable()
export class Rollbacks {
  constructor(
    private readonly slots: Slots,
    private readonly releases: ReleasesReader,
    private readonly reader: DeploymentsReader,
    private readonly ledger: SlotLedger,
    private readonly lifecycle: DeploymentLifecycle,
    private readonly admission: DeploymentAdmission,
    private readonly freezes: FreezesReader,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError `slot-busy`, `no-known-good`, `never-promoted`; 404 for an unknown service or environment */
  async create(
    tx: EntityManager,
    principal: Principal,
    service: string,
    environment: string,
    body: RollbackBody,
  ): Promise<DeploymentEntity> {
    assertServiceAllowed(principal, service);
    if (body.force) assertRole(principal, 'operator');
    const slot = await this.slots.obtain(tx, service, environment);
    const state = await this.ledger.lock(tx, slot.id);
    const preempted = await this.preempt(tx, principal, state, body.force);
    const undone = preempted ?? (await this.lastOnHosts(tx, slot.id));
    const target = await this.target(tx, slot, body, leftOut(state, undone, preempted));
    const remediates = undone?.id ?? null;
    const asked = { actor: principal.name, remediates, rollbackReason: body.reason };
    const deployment = await this.rollbackTo(tx, slot, target, asked);
    await this.admission.admit(tx, principal, state, deployment);
    const { reason, force } = body;
    const after = { service, environment, releaseId: target.releaseId, remediates, reason, force };
    const action = 'deployment.rollback';
    await this.audit.record(tx, { principal, action, subject: deployment.id, before: null, after });
    return deployment;
  }

  /** Ends the deployment that holds the slot, and gives it back; null where the slot is free. */
  private async preempt(
    tx: EntityManager,
    principal: Principal,
    slot: SlotStateEntity,
    force: boolean,
  ): Promise<Undone | null> {
    const holder = await this.reader.holder(tx, slot.slotId);
    if (!holder) return null;
    if (holder.state === 'in_progress' && !force)
      throw slotBusy(holder, 'Wait for it, or have an operator end it with "force": true.');
    const { deployment } = await this.lifecycle.hold(tx, holder.id);
    const reason: Reason = { code: 'preempted', detail: 'A rollback took the slot.' };
    await this.lifecycle.apply(tx, { slot, deployment }, 'preempt', [reason], principal);
    return deployment;
  }

  private async lastOnHosts(tx: EntityManager, slotId: string): Promise<Undone | null> {
    const rows = await tx.query<Undone[]>(REACHED_HOSTS, [slotId]);
    return rows[0] ?? null;
  }

  private async target(
    tx: EntityManager,
    slot: Slot,
    body: RollbackBody,
    without: readonly (string | null)[],
  ): Promise<Target> {
    if (body.to !== null) return this.named(tx, slot, body.to, body.force);
    const good = await this.ledger.lastKnownGood(tx, slot.id, without);
    const target = good && (await this.promoted(tx, slot.id, good));
    if (target) return target;
    throw new DomainError(
      deploymentsErrors.noKnownGood,
      'No release but the running one was promoted in this slot and is still held to be good. Name one in "to".',
    );
  }

  private async named(tx: EntityManager, slot: Slot, digest: string, force: boolean): Promise<Target> {
    const release = await this.releases.find(tx, slot.service, digest);
    const target = release && (await this.promoted(tx, slot.id, release.id));
    if (target) return target;
    if (release && force) return { releaseId: release.id, sequenceKey: null };
    const detail = `The service has no such release; PUT /v1/services/${slot.service}/releases/${digest} first`;
    if (force) throw missingSubjects([{ pointer: '/to', detail }], { mayPass: true });
    throw neverPromoted(digest, { isKnown: release !== null });
  }

  /** The release as it was last promoted in the slot, or null where it never was. */
  private async promoted(tx: EntityManager, slotId: string, releaseId: string): Promise<Target | null> {
    return tx.getRepository(DeploymentEntity).findOne({
      select: { releaseId: true, sequenceKey: true },
      where: { slotId, releaseId, state: 'promoted' },
      order: { sequence: 'desc' },
    });
  }

  private async rollbackTo(
    tx: EntityManager,
    slot: Slot,
    { releaseId, sequenceKey }: Target,
    asked: Pick<DeploymentEntity, 'actor' | 'remediates' | 'rollbackReason'>,
  ): Promise<DeploymentEntity> {
    const { frozen, known } = await this.freezes.judge(tx, slot);
    const createdAt = this.clock.now();
    return newDeployment({
      ...asked,
      slotId: slot.id,
      service: slot.service,
      environment: slot.environment,
      kind: 'rollback',
      releaseId,
      sequenceKey,
      freezeDecision: { frozen, known, override: null, at: createdAt.toISOString() },
      createdAt,
    });
  }
}

/**
 * What a rollback that names no release does not go to: what runs now, and what was just taken back, preempted or
 * rejected. The latter runs no more where a preempted deployer or a wrong version left the running release unknown.
 */
function leftOut(slot: SlotStateEntity, undone: Undone | null, preempted: Undone | null): (string | null)[] {
  const isTakenBack = undone !== null && (undone === preempted || undone.state === 'rejected');
  return [slot.runningReleaseId, isTakenBack ? undone.releaseId : null];
}
