import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DomainError } from '../../../platform/http/problems/domain-error.js';
import { CatalogReader } from '../../catalog/catalog.reader.js';
import { FreezesReader } from '../../freezes/freezes.reader.js';
import { DeploymentEntity } from '../deployment.entity.js';
import { type Reason, stalenessOf } from '../deployment.model.js';
import { SlotLedger } from '../slots/slot-ledger.js';
import type { SlotStateEntity } from '../slots/slot-state.entity.js';

/** What becomes of a queued deployment now that its slot is free. */
export interface Next {
  readonly deployment: DeploymentEntity;
  readonly event: 'start' | 'supersede';
  readonly reasons: readonly Reason[];
}

/** The queue of a slot: at most one deployment, judged again when its turn comes. */
@Injectable()
export class DeploymentQueue {
  constructor(
    private readonly catalog: CatalogReader,
    private readonly freezes: FreezesReader,
    private readonly ledger: SlotLedger,
  ) {}

  /** The queued deployment of a locked slot, locked as well. */
  async waiting(tx: EntityManager, slotId: string): Promise<DeploymentEntity | null> {
    return tx
      .getRepository(DeploymentEntity)
      .findOne({ where: { slotId, state: 'queued' }, lock: { mode: 'pessimistic_write' } });
  }

  /** What is to be done with the queued deployment; null where there is none, or where it waits for a freeze to end. */
  async next(tx: EntityManager, slot: SlotStateEntity): Promise<Next | null> {
    const deployment = await this.waiting(tx, slot.slotId);
    if (!deployment) return null;
    const staleness = stalenessOf(deployment, await this.ledger.running(tx, slot));
    if (staleness) {
      const detail = `When the slot became free, this deployment was ${staleness}.`;
      return { deployment, event: 'supersede', reasons: [{ code: 'superseded', detail }] };
    }
    return (await this.mayStart(tx, deployment)) ? { deployment, event: 'start', reasons: [] } : null;
  }

  private async mayStart(tx: EntityManager, deployment: DeploymentEntity): Promise<boolean> {
    const slot = await this.catalog.slotById(tx, deployment.slotId);
    if (!slot) throw new Error(`deployment ${deployment.id} has no slot`);
    try {
      deployment.freezeDecision = await this.freezes.decide(tx, slot, deployment.freezeDecision.override);
      return true;
    } catch (error) {
      if (error instanceof DomainError) return false;
      throw error;
    }
  }
}
