import { Injectable } from '@nestjs/common';
import type { EntityManager, FindOptionsWhere } from 'typeorm';
import { Database } from '../../platform/database/database.js';
import type { Keyset } from '../../platform/http/page.js';
import { Turns } from '../../platform/turns.js';
import type { ShadowVerdict } from '../gates/gates.events.js';
import { GatesReader } from '../gates/gates.reader.js';
import { type KnownRelease, ReleasesReader } from '../releases/releases.reader.js';
import { DeploymentEntity } from './deployment.entity.js';
import { ACTIVE_STATES, deadlineOf, type DeploymentState, type Reason, runsSince } from './deployment.model.js';
import { deploymentNotFound } from './deployments.errors.js';
import { Outages } from './slots/outages.js';

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
  readonly shadowVerdict: ShadowVerdict | null;
  readonly rollbackToDigest: string | null;
  readonly rollbackToVersion: string | null;
  readonly done: number | null;
  readonly planned: number | null;
}

export const VERDICT_QUERY = `
  select d.service, d.state, d.reasons, d.shadow_verdict as "shadowVerdict", r.digest as "rollbackToDigest", r.version as "rollbackToVersion", g.done, g.planned
  from deployments d
    left join releases r on r.id = d.rollback_to_release_id
    left join gate_runs g on g.deployment_id = d.id
  where d.id = $1`;

/** A deployment with the first of its reasons, and how many there are. */
export type DeploymentSummary = DeploymentEntity & { readonly reasonCount: number };

const FIRST_REASONS = `
  select id, jsonb_path_query_array(reasons, '$[0 to 19]') as reasons, jsonb_array_length(reasons) as "reasonCount",
    shadow_verdict || jsonb_build_object('reasons', jsonb_path_query_array(shadow_verdict, '$.reasons[0 to 19]')) as "shadowVerdict"
  from deployments where id = any($1)`;

/** Questions about deployments. */
@Injectable()
export class DeploymentsReader {
  private readonly verdicts = new Turns<VerdictRow | null>();

  constructor(
    private readonly database: Database,
    private readonly releases: ReleasesReader,
    private readonly gates: GatesReader,
    private readonly outages: Outages,
  ) {}

  /** The deployment that holds the slot, or null where it is free. */
  async holder(handle: EntityManager, slotId: string): Promise<Holder | null> {
    const active = ACTIVE_STATES.map((state): FindOptionsWhere<DeploymentEntity> => ({ slotId, state }));
    const deployment = await handle.getRepository(DeploymentEntity).findOneBy(active);
    if (!deployment) return null;
    const since = runsSince(deployment);
    const outages = since ? await this.outages.after(handle, since) : [];
    const deadline = deadlineOf(deployment, await this.gates.deadline(handle, deployment.id), outages);
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

  /** Newest first, with their first reasons; one more than `limit`, so that the page knows whether there is a next one. */
  async list(
    handle: EntityManager,
    filter: DeploymentFilter,
    after: Keyset | null,
    limit: number,
  ): Promise<DeploymentSummary[]> {
    const repository = handle.getRepository(DeploymentEntity);
    const columns = repository.metadata.columns.map(({ propertyName }) => propertyName);
    const query = repository
      .createQueryBuilder('d')
      .select(columns.filter((name) => !['reasons', 'shadowVerdict'].includes(name)).map((name) => `d.${name}`));
    for (const field of ['service', 'environment', 'state'] as const) {
      if (filter[field] !== undefined) query.andWhere(`d.${field} = :${field}`, { [field]: filter[field] });
    }
    if (after) query.andWhere('(d.created_at, d.id) < (:createdAt, :id)', { createdAt: after.createdAt, id: after.id });
    const found = await query
      .orderBy('d.createdAt', 'DESC')
      .addOrderBy('d.id', 'DESC')
      .limit(limit + 1)
      .getMany();
    return withFirstReasons(handle, found);
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

  /** One prepared statement: pipelines ask for this again and again, and all who wait for it look when it falls. */
  verdict(id: string): Promise<VerdictRow | null> {
    return this.verdicts.take(id, async () => {
      const rows = await this.database.query<VerdictRow>('deployment-verdict', VERDICT_QUERY, [id]);
      return rows[0] ?? null;
    });
  }
}

async function withFirstReasons(handle: EntityManager, found: DeploymentEntity[]): Promise<DeploymentSummary[]> {
  type Row = Pick<DeploymentSummary, 'id' | 'reasons' | 'reasonCount' | 'shadowVerdict'>;
  const rows = await handle.query<Row[]>(FIRST_REASONS, [found.map(({ id }) => id)]);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return found.map((deployment) => {
    const none = { reasons: [], reasonCount: 0, shadowVerdict: null };
    const { reasons, reasonCount, shadowVerdict } = byId.get(deployment.id) ?? none;
    return Object.assign(deployment, { reasons, reasonCount, shadowVerdict });
  });
}
