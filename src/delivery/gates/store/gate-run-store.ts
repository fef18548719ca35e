import { Injectable } from '@nestjs/common';
import { ReservedDatabase } from '../../../platform/database/database.js';
import type { GatePlan } from '../plan/gate-plan.model.js';
import { deadlineOf, type GateTimes, plannedBetween } from '../plan/gate-times.model.js';
import type { TalliedMeasurement } from '../verdict/tally.model.js';

/** A gate run that this engine now watches, as it was stored. */
export interface LeasedRun {
  readonly id: string;
  readonly deploymentId: string;
  /** How often an engine failed with it before: the process died during the takeover, or the run threw. */
  readonly failures: number;
  readonly plan: GatePlan;
  readonly times: GateTimes;
  readonly identifiedHosts: readonly string[];
  /** When the unwatched gap began. */
  readonly unwatchedSinceMs: number | null;
  readonly hasMeasurements: boolean;
}

/** A run with too many failures. It is not loaded any more, because that may be what kills engines. */
export type FailedRun = Pick<LeasedRun, 'id' | 'deploymentId' | 'failures'> & { readonly plan: null };

export interface StoredMeasurement extends TalliedMeasurement {
  readonly check: string;
  readonly host: string;
}

export interface AbandonedRun {
  readonly id: string;
  readonly deploymentId: string;
  /** The dead engine that still owns it, if any. */
  readonly engineId: string | null;
}

interface RunRow {
  readonly id: string;
  readonly deployment_id: string;
  readonly failures: number;
  readonly plan: GatePlan | null;
  readonly deployed_at: Date;
  readonly identity_ends_at: Date | null;
  readonly identified_hosts: string[];
  readonly bake_begins_at: Date | null;
  readonly bake_ends_at: Date | null;
  readonly moved_ms: number;
  readonly done: number;
  readonly unwatched_since: Date | null;
}

/** After this many failures a run is put aside. */
const MOST_FAILURES = 3;

/** How many measurements are in memory at once while a run is restored. */
const RESTORED_AT_ONCE = 2000;

/**
 * The failure is counted before the run is loaded, and the count is reversed once it is watched: if loading kills the
 * process, nobody is left to count it. Runs without failures come first, so that failing runs do not keep them from
 * being watched.
 */
const CLAIM = `
  update gate_runs r set engine_id = $1, failures = r.failures + 1
    from (select id from gate_runs where engine_id is null and ended_at is null and id <> all ($2::uuid[])
           order by failures, deployed_at limit 1 for update skip locked) free
   where r.id = free.id
  returning r.id, r.deployment_id, r.failures - 1 as failures, case when r.failures <= ${MOST_FAILURES} then r.plan end as plan,
            r.deployed_at, r.identity_ends_at, r.identified_hosts, r.bake_begins_at, r.bake_ends_at, r.moved_ms, r.done,
            r.unwatched_since`;

/**
 * Reads through a cursor. Pages by key would sort all measurements of the run again for each page if the planner takes
 * the run for a small one. It does so for a run that has grown since the statistics were made.
 */
const MEASUREMENTS = `
  declare stored no scroll cursor for
  select check_name as "check", host, n, outcome, value, case when outcome in ('fail', 'error') then detail end as detail
    from measurements where gate_run_id = $1`;

const NEXT_MEASUREMENTS = `fetch ${RESTORED_AT_ONCE} from stored`;

const RESUME = `
  update gate_runs
     set unwatched_since = null, failures = $3, identity_ends_at = to_timestamp($4::float8 / 1000),
         bake_ends_at = to_timestamp($5::float8 / 1000), moved_ms = $6, deadline = to_timestamp($7::float8 / 1000),
         planned = $8
   where id = $2 and engine_id = $1 and ended_at is null
  returning id`;

const IDENTIFY = `
  update gate_runs set identified_hosts = $3 where id = $1 and engine_id = $2 and ended_at is null`;

/** A begin that was stored before stays, because the answer to the first attempt may have been lost. */
const BEGIN_BAKE = `
  update gate_runs
     set identified_hosts = $3, bake_begins_at = coalesce(bake_begins_at, to_timestamp($4::float8 / 1000)),
         bake_ends_at = coalesce(bake_ends_at, to_timestamp($5::float8 / 1000)),
         deadline = coalesce(bake_ends_at, to_timestamp($5::float8 / 1000)), planned = $6
   where id = $1 and engine_id = $2 and ended_at is null
  returning bake_begins_at, bake_ends_at`;

const OWNED = `select id from gate_runs where engine_id = $1 and ended_at is null and ($2::uuid is null or id = $2)`;

const RELEASE = `
  update gate_runs
     set engine_id = null, unwatched_since = coalesce(unwatched_since, $3), failures = greatest(0, failures + $4)
   where engine_id = $1 and ended_at is null and id = any ($2::uuid[])`;

const ABANDONED = `
  select id, deployment_id as "deploymentId", engine_id as "engineId" from gate_runs
   where ended_at is null and deadline < $1
     and (engine_id is null or engine_id = any (array(select id from gate_engines where lease_until < clock_timestamp())))
   order by deadline`;

/** The engine's reads and writes of gate runs. A write of an engine without the lease is refused. */
@Injectable()
export class GateRunStore {
  constructor(private readonly database: ReservedDatabase) {}

  /** Takes a gate run that nobody watches and that is not in the list. Two engines never get the same run. */
  async claim(engineId: string, besides: readonly string[]): Promise<LeasedRun | FailedRun | null> {
    const [row] = await this.database.query<RunRow>('gate-runs-claim', CLAIM, [engineId, besides]);
    return row ? claimedRun(row) : null;
  }

  /** Reads the stored measurements of a run page by page, because they may not fit into memory. Some may come twice. */
  async readMeasurements(runId: string, take: (page: readonly StoredMeasurement[]) => void): Promise<void> {
    await this.database.transaction(async (tx) => {
      await tx.query(MEASUREMENTS, [runId]);
      for (let isMore = true; isMore;) {
        const page = await tx.query<StoredMeasurement[]>(NEXT_MEASUREMENTS);
        take(page);
        isMore = page.length === RESTORED_AT_ONCE;
      }
    });
  }

  /** Stores that the run is watched again, and its moved times; false if it no longer belongs to this engine. */
  async resume(engineId: string, { id, failures }: LeasedRun, plan: GatePlan, times: GateTimes): Promise<boolean> {
    const resumed = await this.database.query('gate-runs-resume', RESUME, [
      engineId,
      id,
      failures,
      times.identityEndsAtMs,
      times.bakeEndsAtMs,
      times.movedMs,
      deadlineOf(times, plan),
      plannedBetween(times, plan),
    ]);
    return resumed.length > 0;
  }

  async identify(engineId: string, runId: string, hosts: readonly string[]): Promise<void> {
    await this.database.query('gate-runs-identify', IDENTIFY, [runId, engineId, hosts]);
  }

  /** Stores that the bake has begun, and returns its stored times; null if the run no longer belongs to this engine. */
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

  /** The runs of this engine. It may have missed a notice that a run was stopped, or the answer to a claim. */
  async owned(engineId: string): Promise<Set<string>> {
    const rows = await this.database.query<{ id: string }>('gate-runs-owned', OWNED, [engineId, null]);
    return new Set(rows.map(({ id }) => id));
  }

  async isOwned(engineId: string, runId: string): Promise<boolean> {
    return (await this.database.query('gate-runs-owned', OWNED, [engineId, runId])).length > 0;
  }

  /** Runs past their deadline without a living engine. */
  async abandoned(now: Date): Promise<AbandonedRun[]> {
    return this.database.query('gate-runs-abandoned', ABANDONED, [now]);
  }

  /**
   * Gives runs back for any engine to take, and changes their failure count: by one failure, or by one that is
   * reversed.
   */
  async release(engineId: string, runIds: readonly string[], at: Date, failures: 1 | 0 | -1): Promise<void> {
    await this.database.query('gate-runs-release', RELEASE, [engineId, runIds, at, failures]);
  }
}

function claimedRun(row: RunRow): LeasedRun | FailedRun {
  const { id, deployment_id: deploymentId, failures, plan } = row;
  return plan === null ? { id, deploymentId, failures, plan } : leasedRun(row, plan);
}

function leasedRun(row: RunRow, plan: GatePlan): LeasedRun {
  return {
    id: row.id,
    deploymentId: row.deployment_id,
    failures: row.failures,
    plan,
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
