import { Injectable } from '@nestjs/common';
import { InjectMetric, makeCounterProvider } from '@willsoto/nestjs-prometheus';
import type { Counter } from 'prom-client';
import type { EntityManager } from 'typeorm';
import { Database } from '../../../platform/database/database.js';
import { PeriodicJobs } from '../../../platform/jobs/periodic-jobs.js';
import {
  type AskedSlot,
  IdentitiesReader,
  type IdentitySpecification,
  type Said,
} from '../../gates/identities.reader.js';
import { ReleasesReader } from '../../releases/releases.reader.js';
import { Observations } from './observations.js';
import { lastDeployedFence } from './slot-ledger.js';

const PROBES = 'host_identity_probes_total';

const LOOK_EVERY_MS = 5000;
const ASK_AGAIN_AFTER = `interval '60 seconds'`;
const SLOTS_AT_ONCE = 64;

/**
 * Takes slots whose turn it is; for a minute they are nobody else's, so that one instance asks, and another one goes on
 * if it dies. The condition is that of the index `gate_specifications_watch`, word for word. No slot whose hosts are
 * being changed, nor one whose gate is asking them.
 */
const TAKE = `
  with due as (
    select s.id from gate_specifications g
      join slots s on s.id = g.slot_id
      left join host_watches w on w.slot_id = s.id
    where g.specification -> 'identity' ->> 'watch' = 'true'
      and (w.asked_at is null or w.asked_at <= clock_timestamp() - ${ASK_AGAIN_AFTER})
      and not exists (
        select from deployments a left join gate_runs r on r.deployment_id = a.id
        where a.slot_id = s.id and a.state in ('in_progress', 'verifying')
          and (a.state = 'in_progress' or r.bake_begins_at is null))
    order by w.asked_at nulls first limit ${SLOTS_AT_ONCE}),
  taken as (
    insert into host_watches as known (slot_id, asked_at) select id, clock_timestamp() from due order by id
    on conflict (slot_id) do update set asked_at = excluded.asked_at
      where known.asked_at <= excluded.asked_at - ${ASK_AGAIN_AFTER}
    returning slot_id)
  select s.id, s.service, s.environment, coalesce(s.hosts, '[]') as hosts, g.specification -> 'identity' as identity,
    ${lastDeployedFence('s.id')} as fence,
    case when r.id is null then null
      else jsonb_build_object('digest', r.digest, 'version', r.version, 'gitSha', r.git_sha) end as release
  from taken t
    join slots s on s.id = t.slot_id
    join gate_specifications g on g.slot_id = s.id
    left join slot_states st on st.slot_id = s.id
    left join releases r on r.id = st.running_release_id`;

interface WatchedSlot extends AskedSlot {
  readonly id: string;
  readonly identity: IdentitySpecification;
  /** Of the last deployment that was on the hosts before they were asked: what comes meanwhile was not seen. */
  readonly fence: number;
}

export const hostWatchMetric = makeCounterProvider({
  name: PROBES,
  help: 'Hosts that Plimsoll asked by itself which release they run, by outcome: seen, unknown, failed or error.',
  labelNames: ['outcome'],
});

/** Asks the hosts of each slot that wants it which release they run, every 60 s, and keeps what they say. */
@Injectable()
export class HostWatch {
  constructor(
    private readonly database: Database,
    private readonly identities: IdentitiesReader,
    private readonly releases: ReleasesReader,
    private readonly observations: Observations,
    @InjectMetric(PROBES) private readonly probes: Counter,
    jobs: PeriodicJobs,
  ) {
    jobs.every('host-watch', LOOK_EVERY_MS, (signal) => this.look(signal));
  }

  /** Until no slot is due. */
  async look(signal: AbortSignal): Promise<void> {
    for (let taken = SLOTS_AT_ONCE; taken === SLOTS_AT_ONCE && !signal.aborted;) {
      const slots = await this.database.query<WatchedSlot>('host-watch-take', TAKE, []);
      const asked = slots.map((slot) => this.identities.ask(slot, slot.identity, signal));
      // One after the other: requests need the connections.
      for (const [index, slot] of slots.entries()) await this.keepAll(slot, (await asked[index]) ?? []);
      taken = slots.length;
    }
  }

  private async keepAll(slot: WatchedSlot, said: readonly Said[]): Promise<void> {
    const outcomes = await this.database.transaction(async (tx) => {
      const kept: string[] = [];
      for (const one of said) kept.push(await this.keep(tx, slot, one));
      return kept;
    });
    for (const outcome of outcomes) this.probes.inc({ outcome });
  }

  private async keep(tx: EntityManager, slot: WatchedSlot, said: Said): Promise<string> {
    if (said.kind !== 'answered') return said.kind;
    const digest = await this.digestOf(tx, slot, said.value);
    if (digest === null) return 'unknown';
    await this.observations.keep(tx, slot.id, said.host, digest, slot.fence);
    return 'seen';
  }

  /** A git commit stands for the release that was made of it, the running one before others. */
  private async digestOf(tx: EntityManager, { service, release }: WatchedSlot, value: unknown): Promise<string | null> {
    if (typeof value !== 'string') return null;
    if (/^sha256:[0-9a-f]{64}$/.test(value)) return value;
    if (value === release?.gitSha) return release.digest;
    if (!/^[0-9a-f]{40}$/.test(value)) return null;
    return (await this.releases.ofCommit(tx, service, value))?.digest ?? null;
  }
}
