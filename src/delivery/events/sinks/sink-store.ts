import { Injectable } from '@nestjs/common';
import type { Sink } from '../../../operations/config/sink-list.js';
import { Database } from '../../../platform/database/database.js';
import type { EventRow } from '../event.model.js';
import { EventsReader } from '../events.reader.js';

const LEASE = `interval '30 seconds'`;
/** Sent at once to one sink, each of another slot. */
const AT_ONCE = 16;
/** Among so many of the oldest those are looked for that may be sent. */
const WINDOW = 500;

const REGISTER = `
  insert into sinks (name, kind, is_configured) select name, kind, true from unnest($1::text[], $2::text[]) as s(name, kind)
  on conflict (name) do update set kind = excluded.kind, is_configured = true
  where (sinks.kind, sinks.is_configured) is distinct from (excluded.kind, true)`;

const RETIRE = 'update sinks set is_configured = false where is_configured and name <> all ($1::text[])';

// By the clock of the database: those of two instances may differ.
const TAKE = `
  update sinks set leased_by = $2, leased_until = clock_timestamp() + ${LEASE}
  where name = $1 and (leased_by = $2 or leased_until is null or leased_until < clock_timestamp())
    and (paused_until is null or paused_until <= clock_timestamp())
  returning failures`;

const GIVE_BACK = 'update sinks set leased_until = null where leased_by = $1';

/**
 * The oldest of each slot: what comes after it waits for it. A slot whose oldest has failed is passed over until its time
 * comes, however much waits behind it.
 */
const DUE = `
  with waiting as (
    select order_key from event_deliveries
    where sink = $1 and dead_at is null and not_before > clock_timestamp())
  select position, created_at as "createdAt", attempts from (
    select distinct on (order_key) position, created_at, attempts from (
      select order_key, position, created_at, attempts from event_deliveries
      where sink = $1 and dead_at is null and order_key not in (select order_key from waiting)
      order by position limit ${WINDOW}) oldest
    order by order_key, position) heads
  order by position limit ${AT_ONCE}`;

const DONE = 'delete from event_deliveries where sink = $1 and position = any ($2::bigint[])';
const FAILED = `
  update event_deliveries set attempts = attempts + 1, last_error = $3, dead_at = $4,
    not_before = clock_timestamp() + $5 * interval '1 millisecond'
  where sink = $1 and position = $2`;
const SETTLE = `
  update sinks set failures = $2, paused_until = clock_timestamp() + $3 * interval '1 millisecond',
    last_error = coalesce($4, last_error), last_success = coalesce($5, last_success)
  where name = $1`;

export interface Due {
  readonly event: EventRow;
  readonly createdAt: Date;
  /** Those before this one. */
  readonly attempts: number;
}

/** An event that was not taken. */
export interface Failure {
  readonly position: bigint;
  readonly error: string;
  /** So long its slot waits. */
  readonly pauseMs: number;
  readonly deadAt: Date | null;
}

/** The outcome of one pass over a sink. */
export interface Settlement {
  readonly failures: number;
  readonly pauseMs: number;
  readonly lastError: string | null;
  readonly lastSuccess: Date | null;
}

/** What waits for sinks, in the database. */
@Injectable()
export class SinkStore {
  constructor(
    private readonly database: Database,
    private readonly events: EventsReader,
  ) {}

  /** From now on what is appended goes to these sinks, and to no other. */
  async register(sinks: readonly Sink[]): Promise<void> {
    const names = sinks.map(({ name }) => name);
    await this.database.transaction(async (tx) => {
      await tx.query(REGISTER, [names, sinks.map(({ kind }) => kind)]);
      await tx.query(RETIRE, [names]);
    });
  }

  /** How often in a row the sink has failed; null where another instance has it, or it is left alone for now. */
  async take(sink: string, instance: string): Promise<number | null> {
    return this.database.transaction(async (tx) => {
      const [rows] = await tx.query<[{ failures: number }[], number]>(TAKE, [sink, instance]);
      return rows[0]?.failures ?? null;
    });
  }

  async giveBack(instance: string): Promise<void> {
    await this.database.transaction((tx) => tx.query(GIVE_BACK, [instance]));
  }

  async due(sink: string): Promise<Due[]> {
    const rows = await this.database.query<Omit<Due, 'event'> & { position: string }>('sink-due', DUE, [sink]);
    const events = await this.events.at(rows.map(({ position }) => position));
    return rows.flatMap(({ position, ...delivery }) => {
      const event = events.get(position);
      return event ? [{ event, ...delivery }] : [];
    });
  }

  async settle(
    sink: string,
    done: readonly bigint[],
    failed: readonly Failure[],
    settlement: Settlement,
  ): Promise<void> {
    const { failures, pauseMs, lastError, lastSuccess } = settlement;
    await this.database.transaction(async (tx) => {
      if (done.length > 0) await tx.query(DONE, [sink, done.map(String)]);
      for (const { position, error, deadAt, pauseMs: ownPauseMs } of failed)
        await tx.query(FAILED, [sink, String(position), error, deadAt, ownPauseMs]);
      await tx.query(SETTLE, [sink, failures, pauseMs, lastError, lastSuccess]);
    });
  }
}
