import { randomUUIDv7 } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditLog } from '../../../platform/audit/audit-log.js';
import type { Principal } from '../../../platform/auth/principal.js';
import { Clock } from '../../../platform/clock.js';
import { DomainError } from '../../../platform/http/problems/domain-error.js';
import { eventsErrors } from '../events.errors.js';

const LOCK = 'select name from sinks where name = $1 and is_configured for update';
const APPEND = `insert into events (id, type, data, created_at) values ($1, 'sink.test', $2, $3)`;
// A day again, from now on.
const REPLAY = `
  update event_deliveries set dead_at = null, attempts = 0, created_at = $2 where sink = $1 and dead_at is not null`;
const TRY_NOW = 'update sinks set paused_until = null, failures = 0 where name = $1';
const TRY_ALL_NOW = 'update event_deliveries set not_before = null where sink = $1 and not_before is not null';
const WAKE = `select pg_notify('events_appended', '')`;

/** What an admin does with a sink. */
@Injectable()
export class SinkChanges {
  constructor(
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** A test event, for this sink alone, by the way that all events go. @throws DomainError `sink-not-found` */
  async test(tx: EntityManager, principal: Principal, sink: string): Promise<void> {
    await this.lock(tx, sink);
    const id = randomUUIDv7();
    await tx.query(APPEND, [id, JSON.stringify({ sink }), this.clock.now()]);
    await this.tryNow(tx, principal, 'sink.test', sink, { event: id });
  }

  /** Every dead letter of the sink is sent again, in its old order. @throws DomainError `sink-not-found` */
  async replay(tx: EntityManager, principal: Principal, sink: string): Promise<void> {
    await this.lock(tx, sink);
    const [, replayed] = await tx.query<[unknown[], number]>(REPLAY, [sink, this.clock.now()]);
    await this.tryNow(tx, principal, 'sink.replay', sink, { replayed });
  }

  private async lock(tx: EntityManager, sink: string): Promise<void> {
    const rows = await tx.query<unknown[]>(LOCK, [sink]);
    if (rows.length === 0) throw new DomainError(eventsErrors.sinkNotFound, 'The configuration has no such sink.');
  }

  private async tryNow(
    tx: EntityManager,
    principal: Principal,
    action: string,
    sink: string,
    after: object,
  ): Promise<void> {
    await tx.query(TRY_NOW, [sink]);
    await tx.query(TRY_ALL_NOW, [sink]);
    await tx.query(WAKE);
    await this.audit.record(tx, { principal, action, subject: `sinks/${sink}`, before: null, after });
  }
}
