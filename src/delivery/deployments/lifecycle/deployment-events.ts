import { Injectable, Logger } from '@nestjs/common';
import { randomUUIDv7 } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../../platform/clock.js';
import { Database } from '../../../platform/database/database.js';
import { Notifications } from '../../../platform/database/notifications.js';
import type { DeploymentEntity } from '../deployment.entity.js';
import type { DeploymentEvent } from '../deployment.model.js';
import { DeploymentMetrics } from './deployment-metrics.js';

/** Channel on which every change of a deployment is announced; the payload is its id. */
export const DEPLOYMENT_CHANGED = 'deployment_changed';

/** Tells of every change of a deployment: in the outbox, in the transaction of the change; to who waits; in metrics and log. */
@Injectable()
export class DeploymentEvents {
  private readonly logger = new Logger('Deployment');

  constructor(
    private readonly clock: Clock,
    private readonly database: Database,
    private readonly metrics: DeploymentMetrics,
    private readonly notifications: Notifications,
  ) {}

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
    await this.notifications.send(tx, DEPLOYMENT_CHANGED, id);
    const reached = { ...deployment };
    this.database.afterCommit(() => {
      this.metrics.count(reached);
      this.log(reached, event);
    });
  }

  /** With the id as a field, by which all that was logged of a deployment is found. */
  private log(deployment: DeploymentEntity, event: DeploymentEvent | 'create'): void {
    const { id: deploymentId, service, environment, kind, state, reason } = deployment;
    this.logger.log({ msg: `deployment ${state}`, deploymentId, service, environment, kind, event, reason });
  }
}
