import type { EntityManager } from 'typeorm';
import type { Clock } from '../../clock.js';
import { DomainError } from '../problems/domain-error.js';
import { httpErrors } from '../problems/http.errors.js';

export interface Scope {
  readonly tokenId: string;
  readonly method: string;
  readonly path: string;
  readonly key: string;
}

export interface StoredReply {
  readonly bodySha256: Buffer;
  readonly status: number;
  readonly body: unknown;
}

const KEPT_FOR_MS = 24 * 60 * 60 * 1000;

const IS_SCOPE = 'token_id = $1 AND method = $2 AND path = $3 AND key = $4';

// Few enough that a statement holds nobody up, and past what another instance is just deleting.
const DELETE_SOME_EXPIRED = `DELETE FROM idempotent_replies WHERE ctid = ANY (ARRAY(
  SELECT ctid FROM idempotent_replies WHERE created_at <= $1 ORDER BY created_at LIMIT 1000 FOR UPDATE SKIP LOCKED))`;

/** The replies of the last 24 hours, by scope. */
export class StoredReplies {
  constructor(private readonly clock: Clock) {}

  /** Keeps every other request of the scope out until the transaction ends: 409, rather than a queue of them. */
  async lock(tx: EntityManager, scope: Scope): Promise<void> {
    const [row] = await tx.query<{ taken: boolean }[]>(
      'SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS taken',
      [`idempotency ${valuesOf(scope).join(' ')}`],
    );
    if (!row?.taken) {
      const detail = 'The first request with this key is still in flight: ask again for its reply.';
      throw new DomainError(httpErrors.idempotencyInFlight, detail, {}, { headers: { 'retry-after': '1' } });
    }
  }

  async find(tx: EntityManager, scope: Scope): Promise<StoredReply | undefined> {
    const [row] = await tx.query<StoredReply[]>(
      `SELECT body_sha256 AS "bodySha256", status, body FROM idempotent_replies WHERE ${IS_SCOPE} AND created_at > $5`,
      [...valuesOf(scope), this.expiredBy()],
    );
    return row;
  }

  async store(tx: EntityManager, scope: Scope, { bodySha256, status, body }: StoredReply): Promise<void> {
    await tx.query(
      `INSERT INTO idempotent_replies (token_id, method, path, key, body_sha256, status, body, created_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
       ON CONFLICT (token_id, method, path, key) DO UPDATE SET body_sha256 = excluded.body_sha256,
         status = excluded.status, body = excluded.body, created_at = excluded.created_at`,
      [...valuesOf(scope), bodySha256, status, JSON.stringify(body), this.clock.now()],
    );
  }

  /** Returns how many there were: ask again until there are none. */
  async deleteSomeExpired(tx: EntityManager): Promise<number> {
    const [, deleted] = await tx.query<[unknown[], number]>(DELETE_SOME_EXPIRED, [this.expiredBy()]);
    return deleted;
  }

  private expiredBy(): Date {
    return new Date(this.clock.now().getTime() - KEPT_FOR_MS);
  }
}

function valuesOf({ tokenId, method, path, key }: Scope): string[] {
  return [tokenId, method, path, key];
}
