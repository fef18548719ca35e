import { Injectable, Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../../platform/clock.js';
import { Database } from '../../../platform/database/database.js';
import { PeriodicJobs } from '../../../platform/jobs/periodic-jobs.js';
import type { Outage } from '../deployment.model.js';

const NOTE_EVERY_MS = 2000;

/** So long may nobody note that Plimsoll is there, as where an instance restarts or is short of processor. */
const LONGEST_GAP_MS = 10_000;

/** Longer than any lease or hold runs. */
const KEPT_MS = 30 * 24 * 60 * 60_000;

// By the clock of the database: those of two instances may differ by more than the gap.
const GAP = `
  select extract(epoch from clock_timestamp() - seen_at)::float8 * 1000 as "gapMs" from presence for update`;
const NOTE = `
  insert into presence (seen_at) values (clock_timestamp())
  on conflict (only_row) do update set seen_at = excluded.seen_at`;
const END = 'insert into outages (began_at, ended_at) values ($1, $2) on conflict do nothing';
const FORGET = 'delete from outages where ended_at < $1';

/** SQL: the outages that ended after this time, for `deadlineOf`. */
export const outagesAfter = (time: string): string =>
  `(select coalesce(jsonb_agg(jsonb_build_object('beganAt', o.began_at, 'endedAt', o.ended_at)), '[]')
    from outages o where o.ended_at > ${time})`;

/** Outages as they come out of `outagesAfter`. */
export type StoredOutages = readonly { readonly beganAt: string; readonly endedAt: string }[];

export function outagesOf(stored: StoredOutages): Outage[] {
  return stored.map(({ beganAt, endedAt }) => ({ beganAt: new Date(beganAt), endedAt: new Date(endedAt) }));
}

/** When Plimsoll could be told nothing. All instances note in one row that it is there. */
@Injectable()
export class Outages {
  private readonly log = new Logger('Outages');

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    jobs: PeriodicJobs,
  ) {
    // Also while a sweep takes long: then Plimsoll is there, and busy.
    jobs.every('presence', NOTE_EVERY_MS, async () => void (await this.note()));
  }

  /**
   * Notes that Plimsoll is there, and the outage that this ends, if it ends one. Gives the time back up to which all
   * outages are known: what has run out by then has run out while somebody could be told.
   */
  async note(): Promise<Date> {
    return this.database.transaction(async (tx) => {
      const [row] = await tx.query<{ gapMs: number }[]>(GAP);
      const now = this.clock.now();
      if (row && row.gapMs > LONGEST_GAP_MS) await this.end(tx, new Date(now.getTime() - row.gapMs), now);
      await tx.query(NOTE);
      return now;
    });
  }

  /** Those that ended after this time. */
  async after(handle: EntityManager, time: Date): Promise<Outage[]> {
    const [row] = await handle.query<{ outages: StoredOutages }[]>(`select ${outagesAfter('$1')} as outages`, [time]);
    return outagesOf(row?.outages ?? []);
  }

  private async end(tx: EntityManager, beganAt: Date, endedAt: Date): Promise<void> {
    await tx.query(END, [beganAt, endedAt]);
    await tx.query(FORGET, [new Date(endedAt.getTime() - KEPT_MS)]);
    const msg = 'Plimsoll or its database was away: leases begin again, and holds have what they had left';
    this.database.afterCommit(() => this.log.warn({ msg, beganAt, endedAt }));
  }
}
