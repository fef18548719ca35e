import { Injectable } from '@nestjs/common';
import type { EntityManager, FindOptionsWhere } from 'typeorm';
import { Database } from '../../platform/database/database.js';
import type { Keyset } from '../../platform/http/page.js';
import { GatesReader } from '../gates/gates.reader.js';
import { type KnownRelease, ReleasesReader } from '../releases/releases.reader.js';
import { DeploymentEntity } from './deployment.entity.js';
import { ACTIVE_STATES, deadlineOf, type DeploymentState, type Reason } from './deployment.model.js';
import { deploymentNotFound } from './deployments.errors.js';

/** Who has a slot, as somebody who wants it is told. */
export interface Holder {
  readonly id: string;
  readonly state: DeploymentState;
  readonly actor: string;
  /** When it leaves this state at the latest; null while that is not known. */
  readonly deadline: string | null;
}

/** A deployment with the releases that it names. */
export interface Resolved {
  readonly deployment: DeploymentEntity;
  readonly releases: ReadonlyMap<string, KnownRelease>;
}

export interface DeploymentFilter {
  readonly service?: string | undefined;
  readonly environment?: string | undefined;
  readonly state?: DeploymentState | undefined;
}

export interface VerdictRow {
  readonly service: string;
  readonly state: DeploymentState;
  readonly reasons: Reason[];
  readonly rollbackToDigest: string | null;
  readonly rollbackToVersion: string | null;
  readonly done: number | null;
  readonly planned: number | null;
}

export const VERDICT_QUERY = `
  select d.service, d.state, d.reasons, r.digest as "rollbackToDigest", r.version as "rollbackToVersion", g.done, g.planned
  from deployments d
    left join releases r on r.id = d.rollback_to_release_id
    left join gate_runs g on g.deployment_id = d.id
  where d.id = $1`;

/** Questions about deployments. */
@Injectable()
export class DeploymentsReader {
  constructor(
    private readonly database: Database,
    private readonly releases: ReleasesReader,
    private readonly gates: GatesReader,
  ) {}

  /** The deployment that holds the slot, or null where it is free. */
  async holder(handle: EntityManager, slotId: string): Promise<Holder | null> {
    const active = ACTIVE_STATES.map((state): FindOptionsWhere<DeploymentEntity> => ({ slotId, state }));
    const deployment = await handle.getRepository(DeploymentEntity).findOneBy(active);
    if (!deployment) return null;
    const deadline = deadlineOf(deployment, await this.gates.deadline(handle, deployment.id));
    return {
      id: deployment.id,
      state: deployment.state,
      actor: deployment.actor,
      deadline: deadline?.toISOString() ?? null,
    };
  }

  /** @throws DomainError `deployment-not-found` */
  async get(handle: EntityManager, id: string): Promise<Resolved> {
    const deployment = await handle.getRepository(DeploymentEntity).findOneBy({ id });
    if (!deployment) throw deploymentNotFound(id);
    return { deployment, releases: await this.releasesOf(handle, [deployment]) };
  }

  /** Newest first; one more than `limit`, so that the page knows whether there is a next one. */
  async list(
    handle: EntityManager,
    filter: DeploymentFilter,
    after: Keyset | null,
    limit: number,
  ): Promise<DeploymentEntity[]> {
    const query = handle.getRepository(DeploymentEntity).createQueryBuilder('d');
    for (const field of ['service', 'environment', 'state'] as const) {
      if (filter[field] !== undefined) query.andWhere(`d.${field} = :${field}`, { [field]: filter[field] });
    }
    if (after) query.andWhere('(d.created_at, d.id) < (:createdAt, :id)', { createdAt: after.createdAt, id: after.id });
    return query
      .orderBy('d.createdAt', 'DESC')
      .addOrderBy('d.id', 'DESC')
      .limit(limit + 1)
      .getMany();
  }

  async releasesOf(
    handle: EntityManager,
    deployments: readonly DeploymentEntity[],
  ): Promise<Map<string, KnownRelease>> {
    const ids = deployments.flatMap(({ releaseId, previousReleaseId }) => [releaseId, previousReleaseId]);
    return this.releases.byIds(
      handle,
      ids.filter((id) => id !== null),
    );
  }

  /** One prepared statement: pipelines ask for this again and again. */
  async verdict(id: string): Promise<VerdictRow | null> {
    const rows = await this.database.query<VerdictRow>('deployment-verdict', VERDICT_QUERY, [id]);
    return rows[0] ?? null;
  }
}
