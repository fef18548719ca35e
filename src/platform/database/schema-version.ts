import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { HealthChecks } from '../../operations/health/health-checks.js';
import { StartupPhases } from '../../operations/health/startup-phases.js';
import { Shutdown } from '../../operations/lifecycle/shutdown.js';
import { failureCode } from './database-failure.js';
import { DatabaseProbe } from './database-probe.js';
import { migrationFiles } from './migration-files.js';

const ASK_AGAIN_AFTER_MS = 500;
const UNDEFINED_TABLE = '42P01';

/** Names, oldest first. */
export interface SchemaSeen {
  readonly applied: readonly string[];
  readonly pending: readonly string[];
}

/**
 * Whether the schema has every migration that this build knows. The server never migrates: it waits, unready, for
 * whoever does. A schema that is ahead is fine, as it is during every rolling deployment.
 */
@Injectable()
export class SchemaVersion implements OnModuleInit {
  private readonly logger = new Logger('SchemaVersion');
  private readonly arrived = Promise.withResolvers<void>();
  private readonly isThere: () => void;
  private seen: SchemaSeen = { applied: [], pending: [] };

  constructor(
    private readonly probe: DatabaseProbe,
    private readonly shutdown: Shutdown,
    startup: StartupPhases,
    checks: HealthChecks,
  ) {
    this.isThere = startup.register('schema');
    checks.register({ name: 'schema', required: true, check: (signal) => this.assertComplete(signal) });
  }

  /** The migrations of the database and what it lacks, as of the last look: at most some seconds ago. */
  get lastSeen(): SchemaSeen {
    return this.seen;
  }

  /** Resolves once the schema has been seen complete: what needs its tables at the start waits for this. */
  get complete(): Promise<void> {
    return this.arrived.promise;
  }

  async onModuleInit(): Promise<void> {
    if (!(await this.isComplete())) {
      void this.keepLooking();
    }
  }

  private async keepLooking(): Promise<void> {
    const { drainSignal } = this.shutdown;
    this.logger.warn('The schema is not complete: waiting for migrate');
    while (!drainSignal.aborted) {
      await delay(ASK_AGAIN_AFTER_MS, undefined, { signal: drainSignal }).catch(() => undefined);
      if (!drainSignal.aborted && (await this.isComplete())) {
        this.logger.log('The schema is complete');
        return;
      }
    }
  }

  /** Asks the database; false as well where it does not answer. */
  async isComplete(): Promise<boolean> {
    try {
      await this.assertComplete();
    } catch {
      return false;
    }
    this.isThere();
    this.arrived.resolve();
    return true;
  }

  private async assertComplete(signal?: AbortSignal): Promise<void> {
    const applied = await this.executed(signal);
    const known = (await migrationFiles()).map(({ name }) => name);
    const pending = known.filter((name) => !applied.includes(name));
    this.seen = { applied, pending };
    if (pending.length > 0) {
      throw new Error(`The schema lacks ${pending.join(', ')}`);
    }
  }

  private async executed(signal?: AbortSignal): Promise<string[]> {
    try {
      const rows = await this.probe.ask<{ name: string }>('SELECT name FROM migrations ORDER BY timestamp', signal);
      return rows.map(({ name }) => name);
    } catch (error) {
      if (failureCode(error) === UNDEFINED_TABLE) {
        return [];
      }
      throw error;
    }
  }
}
