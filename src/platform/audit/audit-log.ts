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

/** Who changed what. Written in the transaction of the change, so that neither is there without the other. */
@Injectable()
export class AuditLog {
  constructor(private readonly clock: Clock) {}

  async record(
    tx: EntityManager,
    { principal, actor = 'plimsoll', action, subject, before, after }: AuditEntry,
  ): Promise<void> {
    await tx.query(
      `INSERT INTO audit_log (id, at, token_id, actor, action, subject, request_id, before, after)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [
        randomUUIDv7(),
        this.clock.now(),
        principal?.tokenId ?? null,
        principal?.name ?? actor,
        action,
        subject,
        requestContext.getStore()?.requestId ?? null,
        before,
        after,
      ],
    );
  }
}
