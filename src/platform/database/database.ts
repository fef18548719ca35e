import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import type { EntityManager, QueryRunner } from 'typeorm';
import type { ConnectionPool } from './connection-pool.js';
import { DatabaseConnection } from './database-connection.js';
import { asDomainError, isConflict, lacksSchema, schemaBehind } from './database-failure.js';
import { SchemaVersion } from './schema-version.js';

const ATTEMPTS = 3;

interface Scope {
  isOpen: boolean;
  /** What is to be done once it is committed. */
  effects: (() => void)[];
}

/** Of the transaction under way, whichever connections it is on. */
const scopes = new AsyncLocalStorage<Scope>();

/**
 * The one way to the database. Whatever it loses the database to, out of reach, restarting, no connection free within
 * 2 s, no answer within 5 s, comes out as the problem `database-unavailable` (503); what a schema that is behind has not
 * got, as `schema-behind` (503).
 */
@Injectable()
export class Database {
  private readonly logger = new Logger('Database');

  constructor(
    protected readonly connection: DatabaseConnection,
    private readonly schema: SchemaVersion,
  ) {}

  /** Resolves once it can be asked for the first time. */
  get connected(): Promise<void> {
    return this.connection.connected;
  }

  /**
   * Runs the work in one READ COMMITTED transaction: committed when it resolves, rolled back when it rejects. `tx` is
   * the only handle in there, and dead afterwards; calling this class again inside throws. Work that PostgreSQL rolls
   * back because of a deadlock is run again, twice at most: what it does beside `tx` must bear that.
   */
  async transaction<T>(work: (tx: EntityManager) => Promise<T>): Promise<T> {
    this.refuseInsideTransaction();
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.attempt(work);
      } catch (error) {
        if (attempt === ATTEMPTS || !isConflict(error)) {
          throw await this.told(error);
        }
        await delay(Math.random() * 20 * attempt);
      }
    }
  }

  /** Does this once the transaction under way is committed, and never if it is rolled back: for counting, not for work. One that throws is logged: what is committed stays so. */
  afterCommit(effect: () => void): void {
    scopes.getStore()?.effects.push(effect);
  }

  /** Forgets every `afterCommit` so far: what they were to tell of was undone by a savepoint. */
  forgetEffects(): void {
    const scope = scopes.getStore();
    if (scope) scope.effects = [];
  }

  /** For questions that need no transaction. Each statement sees what is committed when it starts. */
  async read<T>(work: (handle: EntityManager) => Promise<T>): Promise<T> {
    this.refuseInsideTransaction();
    try {
      return await work(this.pool.source.manager);
    } catch (error) {
      throw await this.told(error);
    }
  }

  /**
   * A hot read without TypeORM in the way: a prepared statement, parsed once a connection under its `name`, so that one
   * name must always mean the same text. Rows come as pg makes them: columns by their SQL names.
   */
  async query<Row extends object>(name: string, text: string, values: readonly unknown[]): Promise<Row[]> {
    this.refuseInsideTransaction();
    try {
      const client = await this.pool.acquireClient();
      try {
        const { rows } = await client.query<Row>({ name, text, values: values as unknown[] });
        return rows;
      } finally {
        client.release();
      }
    } catch (error) {
      throw await this.told(error);
    }
  }

  protected get pool(): ConnectionPool {
    return this.connection.requests;
  }

  private async attempt<T>(work: (tx: EntityManager) => Promise<T>): Promise<T> {
    const scope: Scope = { isOpen: true, effects: [] };
    const result = await this.commit(scope, work);
    for (const effect of scope.effects) this.perform(effect);
    return result;
  }

  private async commit<T>(scope: Scope, work: (tx: EntityManager) => Promise<T>): Promise<T> {
    const runner = await this.pool.acquireRunner();
    try {
      await runner.startTransaction();
      const result = await scopes.run(scope, work, runner.manager);
      await runner.commitTransaction();
      return result;
    } catch (error) {
      await rollBack(runner);
      throw error;
    } finally {
      // What the work has started and not awaited still has this scope.
      scope.isOpen = false;
      await runner.release();
    }
  }

  private perform(effect: () => void): void {
    try {
      effect();
    } catch (error) {
      this.logger.error({ msg: 'What was to follow a transaction failed', err: error });
    }
  }

  /** What clients are told. A table that is missing from a complete schema is a defect. */
  private async told(error: unknown): Promise<unknown> {
    return lacksSchema(error) && !(await this.schema.isComplete()) ? schemaBehind(error) : asDomainError(error);
  }

  private refuseInsideTransaction(): void {
    if (scopes.getStore()?.isOpen) {
      throw new Error('Inside a transaction its own handle is the only way to the database');
    }
  }
}

/** The same database on connections that no request can take, so that what gates live on never waits behind requests. */
@Injectable()
export class ReservedDatabase extends Database {
  protected override get pool(): ConnectionPool {
    return this.connection.reserved;
  }
}

async function rollBack(runner: QueryRunner): Promise<void> {
  try {
    await runner.rollbackTransaction();
  } catch {
    // The connection is gone, and PostgreSQL has rolled back by itself; the first error says more.
  }
}
