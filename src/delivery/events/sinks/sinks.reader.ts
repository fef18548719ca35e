import { Injectable } from '@nestjs/common';
import { Database } from '../../../platform/database/database.js';
import type { SinkView } from './sinks.dto.js';

const STATE = `
  select s.name, s.kind, s.last_success as "lastSuccess", s.last_error as "lastError", s.paused_until as "pausedUntil",
    count(d.position) filter (where d.dead_at is null)::int as pending,
    count(d.position) filter (where d.dead_at is not null)::int as "deadLetters",
    extract(epoch from now() - min(d.created_at) filter (where d.dead_at is null))::float8 as "oldestSeconds"
  from sinks s left join event_deliveries d on d.sink = s.name
  where s.is_configured group by s.name order by s.name`;

const TOTALS = `
  select count(*)::int as pending, coalesce(extract(epoch from now() - min(created_at)), 0)::float8 as "oldestSeconds"
  from event_deliveries d join sinks s on s.name = d.sink and s.is_configured where d.dead_at is null`;

type Row = Omit<SinkView, 'lastSuccess' | 'pausedUntil'> & { lastSuccess: Date | null; pausedUntil: Date | null };

/** Questions about sinks. */
@Injectable()
export class SinksReader {
  constructor(private readonly database: Database) {}

  async states(): Promise<SinkView[]> {
    const rows = await this.database.query<Row>('sinks', STATE, []);
    return rows.map(viewOf);
  }

  async totals(): Promise<{ pending: number; oldestSeconds: number }> {
    const [row] = await this.database.query<{ pending: number; oldestSeconds: number }>('outbox', TOTALS, []);
    return { pending: row?.pending ?? 0, oldestSeconds: Math.max(0, row?.oldestSeconds ?? 0) };
  }
}

function viewOf({
  name,
  kind,
  pending,
  oldestSeconds,
  lastSuccess,
  lastError,
  pausedUntil,
  deadLetters,
}: Row): SinkView {
  return {
    name,
    kind,
    pending,
    // Two clocks: what was written just now may lie ahead.
    oldestSeconds: oldestSeconds === null ? null : Math.max(0, oldestSeconds),
    lastSuccess: lastSuccess?.toISOString() ?? null,
    lastError,
    pausedUntil: pausedUntil?.toISOString() ?? null,
    deadLetters,
  };
}
