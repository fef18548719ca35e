import { Injectable } from '@nestjs/common';
import type { Keyset } from '../http/page.js';
import { Database } from '../database/database.js';
import type { AuditEntryView, AuditQuery } from './audit.dto.js';

export type AuditRow = Keyset & Omit<AuditEntryView, 'at'>;

type Filter = Omit<AuditQuery, 'cursor' | 'limit'>;

/** Twice what a page may hold: whoever cuts the page at that size then sees that there is more. */
const MOST_CHARACTERS = 1024 * 1024;

const CONDITIONS: Record<keyof Filter, string> = {
  subject: 'subject =',
  actor: 'actor =',
  action: 'action =',
  from: 'at >=',
  to: 'at <',
};

@Injectable()
export class AuditReader {
  constructor(private readonly database: Database) {}

  /** Newest first; `limit + 1` of them, and fewer where they are large: what gates were may be half a megabyte each. */
  async list(filter: Filter, after: Keyset | null, limit: number): Promise<AuditRow[]> {
    const values: unknown[] = [limit + 1, MOST_CHARACTERS];
    const where = conditionsOf(filter, after, (value) => `$${values.push(value)}`);
    const text = `
      SELECT * FROM (
        SELECT id, at AS "createdAt", actor, action, subject, request_id AS "requestId", before, after,
          sum(coalesce(length(before::text), 0) + coalesce(length(after::text), 0))
            OVER (ORDER BY at DESC, id DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 2 PRECEDING) AS earlier
        FROM (SELECT * FROM audit_log WHERE ${where} ORDER BY at DESC, id DESC LIMIT $1) page
      ) sized
      WHERE coalesce(earlier, 0) <= $2 ORDER BY "createdAt" DESC, id DESC`;
    return this.database.query<AuditRow>(`audit where ${where}`, text, values);
  }
}

/** Only what is asked for: a condition that leaves things open would keep an index from being used. */
function conditionsOf(filter: Filter, after: Keyset | null, bind: (value: unknown) => string): string {
  const asked = Object.keys(CONDITIONS).filter(
    (name) => filter[name as keyof Filter] !== undefined,
  ) as (keyof Filter)[];
  const conditions = asked.map((name) => `${CONDITIONS[name]} ${bind(filter[name])}`);
  if (after) conditions.push(`(at, id) < (${bind(after.createdAt)}, ${bind(after.id)})`);
  return conditions.join(' AND ') || 'true';
}
