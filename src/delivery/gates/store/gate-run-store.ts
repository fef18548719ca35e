import { Injectable } from '@nestjs/common';
import { Database } from '../../../platform/database/database.js';
import type { GatePlan } from '../plan/gate-plan.model.js';
import { deadlineOf, type GateTimes, plannedBetween } from '../plan/gate-times.model.js';
import type { TalliedMeasurement } from '../verdict/tally.model.js';

/** A gate run that this engine now watches, as it is stored. */
export interface LeasedRun {
  readonly id: string;
  readonly deploymentId: string;
  readonly plan: GatePlan;
  readonly times: GateTimes;
  readonly identifiedHosts: readonly string[];
  /** Since when nobody has watched it. */
  readonly unwatchedSinceMs: number | null;
  readonly hasMeasurements: boolean;
}

export interface StoredMeasurement extends TalliedMeasurement {
  readonly gateRunId: string;
  readonly check: string;
  readonly host: string;
}

interface RunRow {
  readonly id: string;
  readonly deployment_id: string;
  readonly plan: GatePlan;
  readonly deployed_at: Date;
  readonly identity_ends_at: Date | null;
  readonly identified_hosts: string[];
  readonly bake_begins_at: Date | null;
  readonly bake_ends_at: Date | null;
  readonly moved_ms: number;
  readonly done: number;
  readonly unwatched_since: Date | null;
}

const CLAIM = `
  update gate_runs r set engine_id = $1
    from (select id from gate_runs where engine_id is null and ended_at is null
           order by deployed_at limit $2 for update skip locked) free
   where r.id = free.id
  returning r.id, r.deployment_id, r.plan, r.deployed_at, r.identity_ends_at, r.identified_hosts, r.bake_begins_at,
            r.bake_ends_at, r.moved_ms, r.done, r.unwatched_since`;

const MEASUREMENTS = `
  select gate_run_id as "gateRunId", check_name as "check", host, n, outcome, value,
         case when outcome in ('fail', 'error') then detail end as detail
    from measurements where gate_run_id = any ($1::uuid[])`;

const RESUME = `
  update gate_runs r
     set unwatched_since = null, identity_ends_at = to_timestamp(g.identity_ends / 1000),
         bake_ends_at = to_timestamp(g.bake_ends / 1000), moved_ms = g.moved_ms,
         deadline = to_timestamp(g.deadline / 1000), planned = g.planned
    from unnest($2::uuid[], $3::float8[], $4::float8[], $5::int[], $6::float8[], $7::int[])
         as g (id, identity_ends, bake_ends, moved_ms, deadline, planned)
   where r.id = g.id and r.engine_id = $1`;

const IDENTIFY = `
  update gate_runs set identified_hosts = $3 where id = $1 and engine_id = $2 and ended_at is null`;

/** A begin that was stored before stays: the answer to the first attempt may have been lost on its way. */
const BEGIN_BAKE = `
  update gate_runs
     set identified_hosts = $3, bake_begins_at = coalesce(bake_begins_at, to_timestamp($4::float8 / 1000)),
         bake_ends_at = coalesce(bake_ends_at, to_timestamp($5::float8 / 1000)),
         deadline = coalesce(bake_ends_at, to_timestamp($5::float8 / 1000)), planned = $6
   where id = $1 and engine_id = $2 and ended_at is null
  returning bake_begins_at, bake_ends_at`;

const OWNED = `select id from gate_runs where engine_id = $1 and ended_at is null and ($2::uuid is null or id = $2)`;

const RELEASE = `
  update gate_runs set engine_id = null, unwatched_since = coalesce(unwatched_since, $3)
   where engine_id = $1 and ended_at is null and id = any ($2::uuid[])`;

/** What the engine reads and writes of gate runs; every write is refused to an engine that does not hold the lease. */
@Injectable()
export class GateRunStore {
  constructor(private readonly database: Database) {}

  /** Takes gate runs that nobody watches, the oldest first; two engines never get the same one. */
  async claim(engineId: string, limit: number): Promise<LeasedRun[]> {
    const rows = await this.database.query<RunRow>('gate-runs-claim', CLAIM, [engineId, limit]);
    return rows.map(leasedRun);
  }

  async measurementsOf(runIds: readonly string[]): Promise<StoredMeasurement[]> {
    return this.database.query('gate-runs-measurements', MEASUREMENTS, [runIds]);
  }

  /** Stores that the runs are watched again, and how far their times have moved meanwhile. */
  async resume(engineId: string, runs: readonly { id: string; plan: GatePlan; times: GateTimes }[]): Promise<void> {
    await this.database.query('gate-runs-resume', RESUME, [
      engineId,
      runs.map(({ id }) => id),
      runs.map(({ times }) => times.identityEndsAtMs),
      runs.map(({ times }) => times.bakeEndsAtMs),
      runs.map(({ times }) => times.movedMs),
      runs.map(({ times, plan }) => deadlineOf(times, plan)),
      runs.map(({ times, plan }) => plannedBetween(times, plan)),
    ]);
  }

  async identify(engineId: string, runId: string, hosts: readonly string[]): Promise<void> {
    await this.database.query('gate-runs-identify', IDENTIFY, [runId, engineId, hosts]);
  }

  /** Stores that the bake has begun, and gives back its times as they are stored; null if the run is not ours. */
  async beginBake(
    engineId: string,
    runId: string,
    hosts: readonly string[],
    { plan, times }: { readonly plan: GatePlan; readonly times: GateTimes },
  ): Promise<GateTimes | null> {
    const [row] = await this.database.query<{ bake_begins_at: Date; bake_ends_at: Date }>(
      'gate-runs-bake',
      BEGIN_BAKE,
      [runId, engineId, hosts, times.bakeBeginsAtMs, times.bakeEndsAtMs, plannedBetween(times, plan)],
    );
    if (!row) return null;
    return { ...times, bakeBeginsAtMs: row.bake_begins_at.getTime(), bakeEndsAtMs: row.bake_ends_at.getTime() };
  }

  /** Which runs this engine has: it may not have been told of all that were stopped, nor of all that it was given. */
  async owned(engineId: string): Promise<Set<string>> {
    const rows = await this.database.query<{ id: string }>('gate-runs-owned', OWNED, [engineId, null]);
    return new Set(rows.map(({ id }) => id));
  }

  async isOwned(engineId: string, runId: string): Promise<boolean> {
    return (await this.database.query('gate-runs-owned', OWNED, [engineId, runId])).length > 0;
  }

  /** Gives runs back for any engine to take. */
  async release(engineId: string, runIds: readonly string[], at: Date): Promise<void> {
    await this.database.query('gate-runs-release', RELEASE, [engineId, runIds, at]);
  }
}

function leasedRun(row: RunRow): LeasedRun {
  return {
    id: row.id,
    deploymentId: row.deployment_id,
    plan: row.plan,
    times: {
      deployedAtMs: row.deployed_at.getTime(),
      identityEndsAtMs: row.identity_ends_at?.getTime() ?? null,
      bakeBeginsAtMs: row.bake_begins_at?.getTime() ?? null,
      bakeEndsAtMs: row.bake_ends_at?.getTime() ?? null,
      movedMs: row.moved_ms,
    },
    identifiedHosts: row.identified_hosts,
    unwatchedSinceMs: row.unwatched_since?.getTime() ?? null,
    hasMeasurements: row.done > 0,
  };
}
