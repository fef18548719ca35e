import { randomUUIDv7 } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { requestContext } from '../../operations/logging/request-context.js';
import type { Principal } from '../auth/principal.js';
import { Clock } from '../clock.js';

export interface AuditEntry {
  /** Null where nobody has a token of the API: what Plimsoll does by itself, or the `actor` that is named. */
  readonly principal: Principal | null;
  readonly actor?: string;
  /** The thing and the verb: `token.create`, `hosts.put`. */
  readonly action: string;
  /** The id of the resource, or its path under /v1. */
  readonly subject: string;
  readonly before: object | null;
  readonly after: object | null;
}

const RECORD = `
  INSERT INTO audit_log (id, at, token_id, actor, action, subject, request_id, before, after)
  SELECT id, $2, token, actor, action, subject, $3, before, after
  FROM jsonb_to_recordset($1)
    AS r(id uuid, token uuid, actor text, action text, subject text, before jsonb, after jsonb)`;

/** Who changed what. Written in the transaction of the change, so that neither is there without the other. */
@Injectable()
export class AuditLog {
  constructor(private readonly clock: Clock) {}

  async record(tx: EntityManager, entry: AuditEntry): Promise<void> {
    await this.recordAll(tx, [entry]);
  }

  /** Any number of them in one statement. */
  async recordAll(tx: EntityManager, entries: readonly AuditEntry[]): Promise<void> {
    const rows = entries.map(({ principal, actor = 'plimsoll', ...entry }) => ({
      ...entry,
      id: randomUUIDv7(),
      token: principal?.tokenId ?? null,
      actor: principal?.name ?? actor,
    }));
    const requestId = requestContext.getStore()?.requestId ?? null;
    await tx.query(RECORD, [JSON.stringify(rows), this.clock.now(), requestId]);
  }
}
