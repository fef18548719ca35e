import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Keyset } from '../../platform/http/page.js';
import { IncidentEntity } from './incident.entity.js';
import type { IncidentStatus } from './incident.model.js';
import { incidentNotFound } from './incidents.errors.js';

/**
 * SQL: whether a deployment of this alias has no incident attributed to it. Part of what makes its release a last known
 * good.
 */
export const hasNoIncident = (deployment: string): string =>
  `not exists (select from incidents i where i.deployment_id = ${deployment}.id)`;

export interface IncidentFilter {
  readonly service?: string | undefined;
  readonly environment?: string | undefined;
  readonly status?: IncidentStatus | undefined;
  /** Of the start, half-open. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

const CONDITIONS: Record<Exclude<keyof IncidentFilter, 'status'>, string> = {
  service: 'i.service = :service',
  environment: 'i.environment = :environment',
  from: 'i.starts_at >= :from',
  to: 'i.starts_at < :to',
};

const OF_STATUS: Record<IncidentStatus, string> = { firing: 'i.ends_at is null', resolved: 'i.ends_at is not null' };

/** Questions about incidents. */
@Injectable()
export class IncidentsReader {
  /** @throws DomainError `incident-not-found` */
  async get(handle: EntityManager, id: string): Promise<IncidentEntity> {
    const incident = await handle.getRepository(IncidentEntity).findOneBy({ id });
    if (!incident) throw incidentNotFound(id);
    return incident;
  }

  /** Newest first; one more than `limit`, so that the page knows whether there is a next one. */
  async list(
    handle: EntityManager,
    { status, ...filter }: IncidentFilter,
    after: Keyset | null,
    limit: number,
  ): Promise<IncidentEntity[]> {
    const query = handle.getRepository(IncidentEntity).createQueryBuilder('i');
    for (const field of ['service', 'environment', 'from', 'to'] as const) {
      if (filter[field] !== undefined) query.andWhere(CONDITIONS[field], { [field]: filter[field] });
    }
    if (status !== undefined) query.andWhere(OF_STATUS[status]);
    if (after) query.andWhere('(i.created_at, i.id) < (:createdAt, :id)', { createdAt: after.createdAt, id: after.id });
    return query
      .orderBy('i.createdAt', 'DESC')
      .addOrderBy('i.id', 'DESC')
      .limit(limit + 1)
      .getMany();
  }
}
