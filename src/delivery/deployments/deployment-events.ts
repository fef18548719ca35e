import { Injectable } from '@nestjs/common';
import { randomUUIDv7 } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../platform/clock.js';
import type { DeploymentEntity } from './deployment.entity.js';
import type { DeploymentEvent } from './deployment.model.js';

/** The outbox: one row for every change of a deployment, in the transaction of that change, in order per slot. */
@Injectable()
export class DeploymentEvents {
  constructor(private readonly clock: Clock) {}

  async append(tx: EntityManager, deployment: DeploymentEntity, event: DeploymentEvent | 'create'): Promise<void> {
    const { id, slotId, state, kind, fence, releaseId, previousReleaseId, reasons } = deployment;
    await tx.query(
      'insert into events (id, slot_id, type, deployment_id, data, created_at) values ($1, $2, $3, $4, $5, $6)',
      [
        randomUUIDv7(),
        slotId,
        `deployment.${event}`,
        id,
        JSON.stringify({ state, kind, fence, releaseId, previousReleaseId, reasons }),
        this.clock.now(),
      ],
    );
  }
}
