import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { HealthChecks } from '../../operations/health/health-checks.js';
import { StartupPhases } from '../../operations/health/startup-phases.js';
import { Shutdown } from '../../operations/lifecycle/shutdown.js';
import { collectedGauge } from '../../operations/metrics/collected.js';
import { Database } from './database.js';
import { failureCode } from './database-failure.js';
import { migrationFiles } from './migration-files.js';

const ASK_AGAIN_AFTER_MS = 500;
const UNDEFINED_TABLE = '42P01';

/**
 * Whether the schema has every migration that this build knows. The server never migrates: it waits, unready, for
 * whoever does. A schema that is ahead is fine, as it is during every rolling deployment.
 */
@Injectable()
export class SchemaVersion implements OnModuleInit {
  private readonly logger = new Logger('SchemaVersion');
  private readonly arrived = Promise.withResolvers<void>();
  private readonly isThere: () => void;
  private lastPending = 0;

  constructor(
    private readonly database: Database,
    private readonly shutdown: Shutdown,
    startup: StartupPhases,
    checks: HealthChecks,
  ) {
    this.isThere = startup.register('schema');
    checks.register({ name: 'schema', required: true, check: () => this.assertCurrent() });
    collectedGauge({
      name: 'db_migration_pending',
      help: 'Migrations that this build knows and the database lacks.',
      values: () => [{ value: this.lastPending }],
    });
  }

  /** Resolves once the schema has been seen complete: what needs its tables at the start waits for this. */
  get complete(): Promise<void> {
    return this.arrived.promise;
  }

  async onModuleInit(): Promise<void> {
    if (!(await this.look())) {
      void this.keepLooking();
    }
  }

  /** The names of the migrations that the database lacks. */
  async pending(): Promise<string[]> {
    const known = await migrationFiles();
    const executed = new Set(await this.executed());
    return known.map(({ name }) => name).filter((name) => !executed.has(name));
  }

  private async executed(): Promise<string[]> {
    try {
      const rows = await this.database.query<{ name: string }>('schema-version', 'SELECT name FROM migrations', []);
      return rows.map(({ name }) => name);
    } catch (error) {
      if (failureCode(error) === UNDEFINED_TABLE) {
        return [];
      }
      throw error;
    }
  }

  private async assertCurrent(): Promise<void> {
    const pending = await this.pending();
    this.lastPending = pending.length;
    if (pending.length > 0) {
      throw new Error(`The schema lacks ${pending.join(', ')}`);
    }
  }

  private async keepLooking(): Promise<void> {
    const { drainSignal } = this.shutdown;
    this.logger.warn('The schema is not there yet: waiting for migrate');
    while (!drainSignal.aborted) {
      await delay(ASK_AGAIN_AFTER_MS, undefined, { signal: drainSignal }).catch(() => undefined);
      if (!drainSignal.aborted && (await this.look())) {
        this.logger.log('The schema is complete');
        return;
      }
    }
  }

  private async look(): Promise<boolean> {
    try {
      await this.assertCurrent();
    } catch {
      return false;
    }
    this.isThere();
    this.arrived.resolve();
    return true;
  }
}
