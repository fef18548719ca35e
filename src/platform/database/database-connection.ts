import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { StartupPhases } from '../../operations/health/startup-phases.js';
import { Shutdown } from '../../operations/lifecycle/shutdown.js';
import { ConnectionPool } from './connection-pool.js';
import { DatabaseCredentials } from './database-credentials.js';
import { failureCode } from './database-failure.js';

const RETRY_AFTER_MS = 1000;

/** Eight verdicts at once, which may wait for rows that requests have locked, and room for what never waits so. */
const RESERVED_CONNECTIONS = 12;

/** Makes the first connections. The server starts without its database, says so, and waits for it. */
@Injectable()
export class DatabaseConnection implements OnModuleInit {
  readonly requests: ConnectionPool;
  /** Connections that no request can take: for what must go on however many requests wait. */
  readonly reserved: ConnectionPool;
  private readonly logger = new Logger('Database');
  private readonly isConnected: () => void;
  private readonly first = Promise.withResolvers<void>();

  constructor(
    dataSource: DataSource,
    private readonly shutdown: Shutdown,
    startup: StartupPhases,
    credentials: DatabaseCredentials,
  ) {
    this.requests = new ConnectionPool(dataSource);
    this.reserved = new ConnectionPool(reservedBeside(dataSource));
    this.isConnected = startup.register('database');
    shutdown.steps.register('database', 'connection pool', () => this.close());
    credentials.onRotation(() => this.pools.forEach((pool) => void pool.closeIdle()));
  }

  /** Resolves when there is the first connection. */
  get connected(): Promise<void> {
    return this.first.promise;
  }

  async onModuleInit(): Promise<void> {
    const failure = await this.tryToConnect();
    if (failure) {
      this.logger.warn(`The database does not answer (${describe(failure)}); waiting for it`);
      void this.keepTrying();
    }
  }

  private get pools(): ConnectionPool[] {
    return [this.requests, this.reserved];
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
      for (const pool of this.pools) await pool.open();
      this.isConnected();
      this.first.resolve();
      return null;
    } catch (error) {
      return error;
    }
  }

  private async close(): Promise<void> {
    await Promise.all(this.pools.map((pool) => pool.close()));
  }
}

function reservedBeside({ options }: DataSource): DataSource {
  return new DataSource({ ...options, poolSize: RESERVED_CONNECTIONS } as typeof options);
}

function describe(error: unknown): string {
  return failureCode(error) ?? (error instanceof Error ? error.message : String(error));
}
