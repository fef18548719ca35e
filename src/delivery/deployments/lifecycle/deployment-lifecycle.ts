import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditLog } from '../../../platform/audit/audit-log.js';
import type { Principal } from '../../../platform/auth/principal.js';
import { Clock } from '../../../platform/clock.js';
import { GateRuns } from '../../gates/gates.events.js';
import { DeploymentEntity } from '../deployment.entity.js';
import {
  boundedReasons,
  type DeploymentEvent,
  type DeploymentState,
  isActive,
  isFinal,
  type Reason,
  stepOf,
  TIME_OF_STATE,
} from '../deployment.model.js';
import { deploymentNotFound, invalidTransition } from '../deployments.errors.js';
import { forgetRunning, setRunning, SlotLedger } from '../slots/slot-ledger.js';
import type { SlotStateEntity } from '../slots/slot-state.entity.js';
import { DeploymentEvents } from './deployment-events.js';
import { DeploymentQueue } from './deployment-queue.js';

/** A deployment and its slot, both locked until the transaction ends. */
export interface Held {
  readonly slot: SlotStateEntity;
  readonly deployment: DeploymentEntity;
}

/** What an event did, as it is told afterwards. */
interface Move {
  readonly event: DeploymentEvent;
  readonly before: Pick<DeploymentEntity, 'state' | 'fence'>;
  readonly detail: string | null;
}

/** Who brought an event about; null where Plimsoll did so by itself: a verdict, a deadline, the queue. */
export type Author = Principal | null;

/** The one place where a deployment changes its state, and so the one that tells the audit log of it. */
@Injectable()
export class DeploymentLifecycle {
  constructor(
    private readonly clock: Clock,
    private readonly ledger: SlotLedger,
    private readonly queue: DeploymentQueue,
    private readonly gates: GateRuns,
    private readonly events: DeploymentEvents,
    private readonly audit: AuditLog,
  ) {}

  /** Locks the slot, then the deployment: the order that everybody keeps to. @throws DomainError `deployment-not-found` */
  async hold(tx: EntityManager, id: string): Promise<Held> {
    const repository = tx.getRepository(DeploymentEntity);
    const found = await repository.findOne({ select: { id: true, slotId: true }, where: { id } });
    if (!found) throw deploymentNotFound(id);
    const slot = await this.ledger.lock(tx, found.slotId);
    const deployment = await repository.findOneOrFail({ where: { id }, lock: { mode: 'pessimistic_write' } });
    return { slot, deployment };
  }

  /**
   * Applies an event that the caller has judged; `true` if the deployment moved, `false` if this very event was
   * applied before. Frees the slot where the deployment held it, unless it was preempted: then somebody has it.
   * @throws DomainError `invalid-transition`, naming the present state
   */
  async apply(
    tx: EntityManager,
    held: Held,
    event: DeploymentEvent,
    reasons: readonly Reason[],
    by: Author,
  ): Promise<boolean> {
    const { deployment, slot } = held;
    const step = stepOf(deployment.state, deployment.applied, event);
    if (step.kind === 'repeats') return false;
    if (step.kind === 'impossible') throw invalidTransition(deployment, event);
    const from = deployment.state;
    const moved = this.move(deployment, event, step.to, reasons);
    await this.settleRunning(tx, held, event);
    if (from === 'verifying' && !event.startsWith('verdict-')) {
      await this.gates.stop(tx, deployment.id, this.clock.now());
    }
    if (event === 'decide-promote') await this.gates.promoted(tx, deployment.id);
    await this.keep(tx, deployment, moved, by);
    if (isActive(from) && isFinal(step.to) && event !== 'preempt') await this.startNext(tx, slot);
    return true;
  }

  /** Starts the slot's queued deployment, if there is one that may start now. The slot must be locked, and free. */
  async startNext(tx: EntityManager, slot: SlotStateEntity): Promise<void> {
    const next = await this.queue.next(tx, slot);
    if (!next) return;
    const { deployment, event, reasons } = next;
    if (event === 'start') await this.takeSlot(tx, slot, deployment, null);
    const moved = this.move(deployment, event, event === 'start' ? 'in_progress' : 'superseded', reasons);
    await this.keep(tx, deployment, moved, null);
  }

  /**
   * Gives the slot to a deployment: a fence of its own, and what ran before it. What waits in the queue by then is
   * older, and would later start over something newer: it is superseded.
   */
  async takeSlot(tx: EntityManager, slot: SlotStateEntity, deployment: DeploymentEntity, by: Author): Promise<void> {
    await this.supersedeWaiting(tx, slot, deployment, by);
    slot.fence += 1;
    deployment.fence = slot.fence;
    deployment.previousReleaseId = slot.runningReleaseId;
    await this.ledger.keep(tx, slot);
  }

  /** Ends the deployment that waits for the slot, which must be locked, because this newer one takes its place. */
  async supersedeWaiting(tx: EntityManager, slot: SlotStateEntity, newer: DeploymentEntity, by: Author): Promise<void> {
    const older = await this.queue.waiting(tx, slot.slotId);
    if (!older || older.id === newer.id) return;
    const detail = `The newer deployment ${newer.id} took its place.`;
    await this.apply(tx, { slot, deployment: older }, 'supersede', [{ code: 'superseded', detail }], by);
  }

  private move(
    deployment: DeploymentEntity,
    event: DeploymentEvent,
    to: DeploymentState,
    reasons: readonly Reason[],
  ): Move {
    const before = { state: deployment.state, fence: deployment.fence };
    deployment.state = to;
    deployment[TIME_OF_STATE[to]] = this.clock.now();
    deployment.applied = [...deployment.applied, event];
    // What the gate found stays readable below what was decided upon it.
    deployment.reasons = boundedReasons([...reasons, ...deployment.reasons]);
    deployment.reason = deployment.reasons[0]?.code ?? null;
    return { event, before, detail: reasons[0]?.detail ?? null };
  }

  private async settleRunning(tx: EntityManager, { slot, deployment }: Held, event: DeploymentEvent): Promise<void> {
    if (deployment.state === 'rejected') await this.nameWayBack(tx, slot, deployment);
    if (setsRunning(event, slot)) setRunning(slot, deployment.releaseId, deployment.sequenceKey);
    else if (leavesUnknown(event, deployment)) forgetRunning(slot);
    else return;
    await this.ledger.keep(tx, slot);
  }

  /** A rejected deployment keeps the release to go back to as it was known then, or says that there is none. */
  private async nameWayBack(tx: EntityManager, slot: SlotStateEntity, deployment: DeploymentEntity): Promise<void> {
    deployment.rollbackToReleaseId = await this.ledger.lastKnownGood(tx, slot.slotId, [deployment.releaseId]);
    if (deployment.rollbackToReleaseId !== null) return;
    const detail = 'No other release was promoted in this slot and is still held to be good.';
    deployment.reasons = [...deployment.reasons, { code: 'no-known-good', detail }];
  }

  private async keep(
    tx: EntityManager,
    deployment: DeploymentEntity,
    { event, before, detail }: Move,
    by: Author,
  ): Promise<void> {
    const { id, state, fence, reason } = deployment;
    await tx.getRepository(DeploymentEntity).update({ id }, deployment);
    await this.events.append(tx, deployment, event);
    const after = { state, fence, reason, detail };
    await this.audit.record(tx, { principal: by, action: `deployment.${event}`, subject: id, before, after });
  }
}

/** Who promotes what the gate found on no host answers for it that the release runs. */
function setsRunning(event: DeploymentEvent, { runningReleaseState }: SlotStateEntity): boolean {
  return event === 'deployed' || (event === 'decide-promote' && runningReleaseState === 'unknown');
}

/** A deployment that failed half-way, or a gate that has seen another release, leaves nobody knowing what runs. */
function leavesUnknown(event: DeploymentEvent, { state, hostsChanged, reasons }: DeploymentEntity): boolean {
  if (state === 'failed') return hostsChanged !== false;
  return event.startsWith('verdict-') && reasons.some(({ code }) => code === 'wrong-version');
}
