import type { Pool, PoolClient } from 'pg';
import type { DataSource, QueryRunner } from 'typeorm';
import { databaseUnavailable } from './database-failure.js';

/** The connections of one data source, for TypeORM and without it. */
export class ConnectionPool {
  constructor(private readonly dataSource: DataSource) {}

  /** Before the first connection TypeORM knows no entities; afterwards the pool finds out by itself who is there. */
  get source(): DataSource {
    if (!this.dataSource.isInitialized) {
      throw databaseUnavailable();
    }
    return this.dataSource;
  }

  /** Null before the first connection. */
  get clients(): Pool | null {
    return this.dataSource.isInitialized ? this.pool : null;
  }

  /** A connection for TypeORM; release it. */
  async acquireRunner(): Promise<QueryRunner> {
    const runner = this.source.createQueryRunner();
    await runner.connect();
    return runner;
  }

  /** A connection without TypeORM; release it. */
  async acquireClient(): Promise<PoolClient> {
    return this.pool.connect();
  }

  /** Makes the first connection; harmless where there was one. */
  async open(): Promise<void> {
    if (!this.dataSource.isInitialized) await this.dataSource.initialize();
  }

  /** Those in use are closed when they are given back: a client of the pool knows when it is outdated. */
  async closeIdle(): Promise<void> {
    const pool = this.clients;
    if (!pool) return;
    const giveBack = async () => (await pool.connect()).release();
    await Promise.allSettled(Array.from({ length: pool.idleCount }, giveBack));
  }

  async close(): Promise<void> {
    if (this.dataSource.isInitialized) {
      await this.dataSource.destroy();
    }
  }

  /** The one that TypeORM has made. */
  private get pool(): Pool {
    return (this.source.driver as unknown as { master: Pool }).master;
  }
}
