import { randomUUIDv7 } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock.js';
import { ReservedDatabase } from '../../../platform/database/database.js';

/** How long an engine that does not renew its lease keeps its gate runs. */
export const LEASE_MS = 4000;

const JOIN = `
  insert into gate_engines (id, seen_at, lease_until) values ($1, $2, clock_timestamp() + $3 * interval '1 ms')`;

const RENEW = `
  update gate_engines set seen_at = $2, lease_until = clock_timestamp() + $3 * interval '1 ms' where id = $1 returning id`;

/** Frees the runs in the same statement, so that no run ever belongs to an engine that does not exist. */
const free = (dead: string) => `
  with gone as (delete from gate_engines where ${dead} returning id, seen_at)
  update gate_runs r set engine_id = null, unwatched_since = coalesce(r.unwatched_since, gone.seen_at)
    from gone where r.engine_id = gone.id
  returning r.id`;

const REAP = free('lease_until < clock_timestamp() and id <> $1');
const LEAVE = free('id = $1');

const TELL_ALL = `select pg_notify($1, '')`;

/**
 * The lease of an engine is one row, and renewing it renews the lease of all its gate runs at once. Any engine that
 * finds it expired deletes it, which frees the runs. After that the statements of an engine that was only paused find
 * no row to lock, and change nothing. Leases use the clock of the database, gate runs the clocks of the instances.
 */
@Injectable()
export class EngineLease {
  constructor(
    private readonly database: ReservedDatabase,
    private readonly clock: Clock,
  ) {}

  /** A new engine. An instance that lost its lease gets a new engine id. */
  async join(): Promise<string> {
    const id = randomUUIDv7();
    await this.database.query('gate-engines-join', JOIN, [id, this.clock.now(), LEASE_MS]);
    return id;
  }

  /** Whether the lease is still held. */
  async renew(id: string): Promise<boolean> {
    const renewed = await this.database.query('gate-engines-renew', RENEW, [id, this.clock.now(), LEASE_MS]);
    return renewed.length > 0;
  }

  /** Frees the gate runs of all engines with an expired lease. */
  async reap(id: string): Promise<void> {
    await this.database.query('gate-engines-reap', REAP, [id]);
  }

  /** Gives up the lease, and notifies the others on this channel that there are free runs. */
  async leave(id: string, channel: string): Promise<void> {
    await this.database.query('gate-engines-leave', LEAVE, [id]);
    await this.database.query('gate-engines-tell', TELL_ALL, [channel]);
  }
}
