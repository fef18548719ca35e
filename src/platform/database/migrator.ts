import { DataSource, MigrationExecutor, type MigrationInterface } from 'typeorm';
import { connectionConfig } from './connection-config.js';
import { failureCode } from './database-failure.js';
import { migrationFiles } from './migration-files.js';
import { connectPatiently, withMigrationLock } from './migration-lock.js';

const LOCK_TIMEOUT_MS = 3000;
const LOCK_ATTEMPTS = 20;
const LOCK_NOT_AVAILABLE = '55P03';

/** What is asked of the migrator cannot be done, and trying again will not help. */
export class MigrationRefused extends Error {}

export interface MigrationStatus {
  readonly name: string;
  readonly isApplied: boolean;
}

type MigrationClass = new () => MigrationInterface;

/**
 * Brings the schema up or down, one transaction a migration. Any number of migrators may run at once: they take turns.
 * A migration waits 3 s at most for a lock on a table, so that requests do not queue up behind it, and is then tried
 * again.
 */
export class Migrator {
  constructor(
    private readonly databaseUrl: string,
    private readonly say: (line: string) => void,
  ) {}

  /** Applies what is pending, oldest first. */
  async up(): Promise<void> {
    await this.inTurn(async (dataSource) => {
      const pending = await new MigrationExecutor(dataSource).getPendingMigrations();
      await this.patiently(() => dataSource.runMigrations({ transaction: 'each' }));
      for (const { name } of pending) this.say(`applied ${name}`);
      if (pending.length === 0) {
        this.say('nothing to apply: the schema is up to date');
      }
    });
  }

  /** Undoes the newest migration, or all that are newer than `to`, newest first. */
  async down(to: string | null): Promise<void> {
    await this.inTurn(async (dataSource) => {
      const doomed = newerThan(to, await appliedNames(dataSource));
      for (const name of doomed) {
        await this.patiently(() => dataSource.undoLastMigration({ transaction: 'each' }));
        this.say(`undone ${name}`);
      }
      if (doomed.length === 0) {
        this.say('nothing to undo');
      }
    });
  }

  async status(): Promise<MigrationStatus[]> {
    await (await connectPatiently(this.databaseUrl, this.say)).end();
    const dataSource = await this.open();
    try {
      const applied = new Set(await appliedNames(dataSource));
      return (await migrationFiles()).map(({ name }) => ({ name, isApplied: applied.has(name) }));
    } finally {
      await dataSource.destroy();
    }
  }

  private async inTurn(work: (dataSource: DataSource) => Promise<void>): Promise<void> {
    await withMigrationLock(this.databaseUrl, this.say, async () => {
      const dataSource = await this.open();
      try {
        await work(dataSource);
      } finally {
        await dataSource.destroy();
      }
    });
  }

  private async open(): Promise<DataSource> {
    const migrations = await Promise.all((await migrationFiles()).map(loadClass));
    const {
      query_timeout: _none,
      statement_timeout: _long,
      ...config
    } = connectionConfig(this.databaseUrl, 'plimsoll migrate');
    const extra = { ...config, lock_timeout: LOCK_TIMEOUT_MS };
    return new DataSource({ type: 'postgres', migrations, installExtensions: false, extra }).initialize();
  }

  private async patiently<T>(work: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await work();
      } catch (error) {
        if (failureCode(error) !== LOCK_NOT_AVAILABLE || attempt === LOCK_ATTEMPTS) {
          throw error;
        }
        this.say(`a table is locked by somebody else; trying again (${attempt} of ${LOCK_ATTEMPTS - 1})`);
      }
    }
  }
}

async function loadClass({ name, url }: { name: string; url: URL }): Promise<MigrationClass> {
  const module = (await import(url.href)) as Record<string, MigrationClass>;
  const migration = module[name];
  if (!migration) {
    throw new Error(`${url.pathname} does not export the class ${name}`);
  }
  return migration;
}

/** Newest first. */
async function appliedNames(dataSource: DataSource): Promise<string[]> {
  const executor = new MigrationExecutor(dataSource);
  return (await executor.getExecutedMigrations()).map(({ name }) => name);
}

function newerThan(to: string | null, appliedNewestFirst: readonly string[]): string[] {
  if (to === null) {
    return appliedNewestFirst.slice(0, 1);
  }
  const position = appliedNewestFirst.indexOf(to);
  if (position === -1) {
    throw new MigrationRefused(`${to} is not among the applied migrations: ${appliedNewestFirst.join(', ') || 'none'}`);
  }
  return appliedNewestFirst.slice(0, position);
}
