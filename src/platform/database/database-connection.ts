import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { DataSource, type QueryRunner } from 'typeorm';
import { SETTINGS, type Settings } from '../../operations/config/settings.js';
import { StartupPhases } from '../../operations/health/startup-phases.js';
import { Shutdown } from '../../operations/lifecycle/shutdown.js';
import type { Pool, PoolClient } from 'pg';
import { DatabaseCredentials } from './database-credentials.js';
import { databaseUnavailable, failureCode } from './database-failure.js';
import { DatabaseMetrics } from './database-metrics.js';

const RETRY_AFTER_MS = 1000;

/** Makes the first connection. The server starts without its database, says so, and waits for it. */
@Injectable()
export class DatabaseConnection implements OnModuleInit {
  private readonly logger = new Logger('Database');
  private readonly isConnected: () => void;
  private readonly first = Promise.withResolvers<void>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly shutdown: Shutdown,
    private readonly metrics: DatabaseMetrics,
    @Inject(SETTINGS) { databasePoolSize }: Settings,
    startup: StartupPhases,
    credentials: DatabaseCredentials,
  ) {
    this.isConnected = startup.register('database');
    shutdown.steps.register('database', 'connection pool', () => this.close());
    credentials.onRotation(() => void this.closeIdle());
    metrics.watchPool(() => (dataSource.isInitialized ? this.pool : null), databasePoolSize);
  }

  /** Resolves when there is the first connection. */
  get connected(): Promise<void> {
    return this.first.promise;
  }

  /** Before the first connection TypeORM knows no entities; afterwards the pool finds out by itself who is there. */
  get source(): DataSource {
    if (!this.dataSource.isInitialized) {
      throw databaseUnavailable();
    }
    return this.dataSource;
  }

  /** A connection for TypeORM; release it. */
  async acquireRunner(): Promise<QueryRunner> {
    const startedAt = performance.now();
    const runner = this.source.createQueryRunner();
    await runner.connect();
    this.metrics.observeAcquisition(startedAt);
    return runner;
  }

  /** A connection without TypeORM; release it. */
  async acquireClient(): Promise<PoolClient> {
    const startedAt = performance.now();
    const client = await this.pool.connect();
    this.metrics.observeAcquisition(startedAt);
    return client;
  }

  async onModuleInit(): Promise<void> {
    const failure = await this.tryToConnect();
    if (failure) {
      this.logger.warn(`The database does not answer (${describe(failure)}); waiting for it`);
      void this.keepTrying();
    }
  }

  private async keepTrying(): Promise<void> {
    const { drainSignal } = this.shutdown;
    while (!drainSignal.aborted) {
      await delay(RETRY_AFTER_MS, undefined, { signal: drainSignal }).catch(() => undefined);
      if (!drainSignal.aborted && !(await this.tryToConnect())) {
        this.logger.log('The database answers');
        return;
      }
    }
  }

  private async tryToConnect(): Promise<unknown> {
    try {
      await this.dataSource.initialize();
      this.isConnected();
      this.first.resolve();
      return null;
    } catch (error) {
      return error;
    }
  }

  /** The one that TypeORM has made. */
  private get pool(): Pool {
    return (this.source.driver as unknown as { master: Pool }).master;
  }

  /** Those in use are closed when they are given back: a client of the pool knows when it is outdated. */
  private async closeIdle(): Promise<void> {
    if (!this.dataSource.isInitialized) return;
    const { pool } = this;
    const giveBack = async () => (await pool.connect()).release();
    await Promise.allSettled(Array.from({ length: pool.idleCount }, giveBack));
  }

  private async close(): Promise<void> {
    if (this.dataSource.isInitialized) {
      await this.dataSource.destroy();
    }
  }
}

function describe(error: unknown): string {
  return failureCode(error) ?? (error instanceof Error ? error.message : String(error));
}
