import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { EntityManager } from 'typeorm';
import type { Principal } from '../../auth/principal.js';
import { Clock } from '../../clock.js';
import { Database } from '../../database/database.js';
import { PeriodicJobs } from '../../jobs/periodic-jobs.js';
import { DomainError, type ErrorRow } from '../problems/domain-error.js';
import { httpErrors } from '../problems/http.errors.js';
import { canonicalJson } from './canonical-json.js';
import { type Scope, StoredReplies, type StoredReply } from './stored-replies.js';

export interface IdempotentRequest {
  /** The `Idempotency-Key` header as it came. */
  readonly key: string | undefined;
  readonly method: string;
  /** A query string does not count. */
  readonly path: string;
  readonly principal: Principal;
  /** The parsed body, not validated yet: validation belongs into `work`, so that its refusal is stored as well. */
  readonly body: unknown;
}

export interface Reply {
  readonly status: number;
  readonly body: unknown;
}

export interface IdempotentReply extends Reply {
  /** Whether this is the stored reply to an earlier request: answer with `Idempotency-Replayed: true`. */
  readonly replayed: boolean;
}

/** What is stored of a refusal. */
interface Refusal {
  readonly error: ErrorRow;
  readonly detail: string;
  readonly extras: Readonly<Record<string, unknown>>;
}

const SWEEP_EVERY_MS = 10 * 60_000;

const KEY = /^[\x21-\x7e]{1,255}$/;

/** Makes a POST safe to repeat: whatever the client missed, the same key with the same body gives the same answer. */
@Injectable()
export class Idempotency {
  private readonly replies: StoredReplies;

  constructor(
    private readonly database: Database,
    clock: Clock,
    jobs: PeriodicJobs,
  ) {
    this.replies = new StoredReplies(clock);
    jobs.every('expired-replies', SWEEP_EVERY_MS, (signal) => this.sweep(signal));
  }

  /**
   * Runs the work once for its key, in one transaction with the reply that is stored for 24 h; a refusal that a retry
   * cannot change is stored as well, and what the work has written by then is undone. The scope is token, method, path.
   * 400 `idempotency-key-required`, 409 `idempotency-in-flight`, 422 `idempotency-mismatch`.
   */
  async run(request: IdempotentRequest, work: (tx: EntityManager) => Promise<Reply>): Promise<IdempotentReply> {
    const scope = scopeOf(request);
    const bodySha256 = createHash('sha256').update(canonicalJson(request.body)).digest();
    const outcome = await this.database.transaction(async (tx) => {
      await this.replies.lock(tx, scope);
      const stored = await this.replies.find(tx, scope);
      return stored ? replay(stored, bodySha256) : this.runFirst(tx, scope, bodySha256, work);
    });
    if (outcome instanceof DomainError) {
      throw outcome;
    }
    return outcome;
  }

  /** Deletes the replies that nobody can be given any more. */
  async sweep(signal: AbortSignal): Promise<void> {
    const deleteSome = (): Promise<number> => this.database.transaction((tx) => this.replies.deleteSomeExpired(tx));
    while (!signal.aborted && (await deleteSome()) > 0);
  }

  /** A stored refusal is returned and not thrown: throwing would roll back what stores it. */
  private async runFirst(
    tx: EntityManager,
    scope: Scope,
    bodySha256: Buffer,
    work: (tx: EntityManager) => Promise<Reply>,
  ): Promise<IdempotentReply | DomainError> {
    await tx.query('SAVEPOINT work');
    try {
      const { status, body } = await work(tx);
      await this.replies.store(tx, scope, { bodySha256, status, body });
      return { status, body, replayed: false };
    } catch (error) {
      if (!isSettled(error)) {
        throw error;
      }
      await tx.query('ROLLBACK TO SAVEPOINT work');
      this.database.forgetEffects();
      const refusal: Refusal = { error: error.error, detail: error.detail, extras: error.extras };
      await this.replies.store(tx, scope, { bodySha256, status: error.status, body: refusal });
      return error;
    }
  }
}

function scopeOf({ key, method, path, principal }: IdempotentRequest): Scope {
  if (key === undefined) {
    throw new DomainError(httpErrors.idempotencyKeyRequired, 'Send an Idempotency-Key: a new one for each new intent.');
  }
  if (!KEY.test(key)) {
    throw new DomainError(httpErrors.idempotencyKeyInvalid, 'Send 1 to 255 visible ASCII characters, without spaces.');
  }
  return { tokenId: principal.tokenId, method, path: path.split('?', 1)[0] ?? '', key };
}

function replay(stored: StoredReply, bodySha256: Buffer): IdempotentReply | DomainError {
  if (!stored.bodySha256.equals(bodySha256)) {
    return new DomainError(httpErrors.idempotencyMismatch, 'The key came with another body before: take a new key.');
  }
  if (stored.status < 400) {
    return { status: stored.status, body: stored.body, replayed: true };
  }
  const { error, detail, extras } = stored.body as Refusal;
  return new DomainError(error, detail, extras, { headers: { 'idempotency-replayed': 'true' } });
}

/** Whether a retry must be refused again. */
function isSettled(error: unknown): error is DomainError {
  return error instanceof DomainError && error.status < 500 && !error.error.mayPass;
}

/** Hands an idempotent answer to Fastify: its status, and whether it was given before. Returns the body. */
export function replyWith<Body>(reply: FastifyReply, answer: Awaited<ReturnType<Idempotency['run']>>): Body {
  reply.status(answer.status);
  if (answer.replayed) reply.header('idempotency-replayed', 'true');
  return answer.body as Body;
}
