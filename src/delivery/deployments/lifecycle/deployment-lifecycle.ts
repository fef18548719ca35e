import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../../platform/clock.js';
import { GateRuns } from '../../gates/gates.events.js';
import { DeploymentEntity } from '../deployment.entity.js';
import {
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

/** The one place where a deployment changes its state. */
@Injectable()
export class DeploymentLifecycle {
  constructor(
    private readonly clock: Clock,
    private readonly ledger: SlotLedger,
    private readonly queue: DeploymentQueue,
    private readonly gates: GateRuns,
    private readonly events: DeploymentEvents,
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
  async apply(tx: EntityManager, held: Held, event: DeploymentEvent, reasons: readonly Reason[]): Promise<boolean> {
    const { deployment, slot } = held;
    const step = stepOf(deployment.state, deployment.applied, event);
    if (step.kind === 'repeats') return false;
    if (step.kind === 'impossible') throw invalidTransition(deployment, event);
    const from = deployment.state;
    this.move(deployment, event, step.to, reasons);
    await this.settleRunning(tx, held, event);
    if (from === 'verifying' && !event.startsWith('verdict-')) {
      await this.gates.stop(tx, deployment.id, this.clock.now());
    }
    if (event === 'decide-promote') await this.gates.promoted(tx, deployment.id);
    await this.keep(tx, deployment, event);
    if (isActive(from) && isFinal(step.to) && event !== 'preempt') await this.startNext(tx, slot);
    return true;
  }

  /** Starts the slot's queued deployment, if there is one that may start now. The slot must be locked, and free. */
  async startNext(tx: EntityManager, slot: SlotStateEntity): Promise<void> {
    const next = await this.queue.next(tx, slot);
    if (!next) return;
    const { deployment, event, reasons } = next;
    if (event === 'start') await this.takeSlot(tx, slot, deployment);
    this.move(deployment, event, event === 'start' ? 'in_progress' : 'superseded', reasons);
    await this.keep(tx, deployment, event);
  }

  /** Gives the slot to a deployment: a fence of its own, and what ran before it. */
  async takeSlot(tx: EntityManager, slot: SlotStateEntity, deployment: DeploymentEntity): Promise<void> {
    slot.fence += 1;
    deployment.fence = slot.fence;
    deployment.previousReleaseId = slot.runningReleaseId;
    await this.ledger.keep(tx, slot);
  }

  private move(
    deployment: DeploymentEntity,
    event: DeploymentEvent,
    to: DeploymentState,
    reasons: readonly Reason[],
  ): void {
    deployment.state = to;
    deployment[TIME_OF_STATE[to]] = this.clock.now();
    deployment.applied = [...deployment.applied, event];
    // What the gate found stays readable below what was decided upon it.
    deployment.reasons = [...reasons, ...deployment.reasons];
    deployment.reason = deployment.reasons[0]?.code ?? null;
  }

  private async settleRunning(tx: EntityManager, { slot, deployment }: Held, event: DeploymentEvent): Promise<void> {
    if (event === 'deployed') setRunning(slot, deployment.releaseId, deployment.sequenceKey);
    else if (deployment.state === 'failed' && deployment.hostsChanged !== false) forgetRunning(slot);
    else if (deployment.state === 'rejected') return this.nameWayBack(tx, slot, deployment);
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

  private async keep(tx: EntityManager, deployment: DeploymentEntity, event: DeploymentEvent): Promise<void> {
    await tx.getRepository(DeploymentEntity).update({ id: deployment.id }, deployment);
    await this.events.append(tx, deployment, event);
  }
}
