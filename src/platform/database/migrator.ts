import pg from 'pg';
import { DataSource, MigrationExecutor, type MigrationInterface } from 'typeorm';
import { connectionConfig } from './connection-config.js';
import { failureCode } from './database-failure.js';
import { migrationFiles } from './migration-files.js';
import { connectPatiently, withMigrationLock } from './migration-lock.js';

const LOCK_TIMEOUT_MS = 3000;
const LOCK_ATTEMPTS = 20;
const LOCK_NOT_AVAILABLE = '55P03';
/** PostgreSQL then ends what a migrator that is no more has left running, and lets go of its tables. */
const WATCH_CLIENT = '-c client_connection_check_interval=1000';
/** Whatever the role has: a migration takes as long as it takes. */
const NO_TIMEOUT = '-c statement_timeout=0';

/** What is asked of the migrator cannot be done, and trying again will not help. */
export class MigrationRefused extends Error {}

export interface MigrationStatus {
  readonly name: string;
  /** `unknown` is applied, and not known to this build: a newer one has applied it. */
  readonly state: 'applied' | 'pending' | 'unknown';
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
      const pending = await pendingNames(dataSource);
      try {
        await this.patiently(() => dataSource.runMigrations({ transaction: 'each' }));
      } catch (error) {
        throw await this.failureOf(pending, dataSource, error);
      }
      for (const name of pending) this.say(`applied ${name}`);
      if (pending.length === 0) {
        this.say('nothing to apply: the schema is up to date');
      }
    });
  }

  /** Undoes the newest migration, or all that are newer than `to`, newest first. */
  async down(to: string | null): Promise<void> {
    await this.inTurn(async (dataSource) => {
      const doomed = newerThan(to, await appliedNames(dataSource));
      await refuseUnknown(doomed);
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
      const applied = await appliedNames(dataSource);
      const known = await knownNames();
      return [
        ...known.map((name) => ({ name, state: applied.includes(name) ? ('applied' as const) : ('pending' as const) })),
        ...unknownOf(applied, known).map((name) => ({ name, state: 'unknown' as const })),
      ];
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
    const extra = { ...config, lock_timeout: LOCK_TIMEOUT_MS, options: `${WATCH_CLIENT} ${NO_TIMEOUT}` };
    // TypeORM's default logger writes of a failed migration what is said here.
    return new DataSource({
      type: 'postgres',
      driver: pg,
      migrations,
      installExtensions: false,
      logger: 'debug',
      extra,
    }).initialize();
  }

  /** Says what was applied all the same, and names the one that was not. */
  private async failureOf(pending: string[], dataSource: DataSource, error: unknown): Promise<unknown> {
    const left = await pendingNames(dataSource).catch(() => null);
    if (left === null) return error;
    for (const name of pending) if (!left.includes(name)) this.say(`applied ${name}`);
    return new Error(`${left[0]} could not be applied: ${(error as Error).message}`, { cause: error });
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

async function knownNames(): Promise<string[]> {
  return (await migrationFiles()).map(({ name }) => name);
}

/** Oldest first. */
async function pendingNames(dataSource: DataSource): Promise<string[]> {
  return (await new MigrationExecutor(dataSource).getPendingMigrations()).map(({ name }) => name);
}

function unknownOf(applied: readonly string[], known: readonly string[]): string[] {
  return applied.filter((name) => !known.includes(name));
}

async function refuseUnknown(doomed: readonly string[]): Promise<void> {
  const [unknown] = unknownOf(doomed, await knownNames());
  if (unknown === undefined) return;
  throw new MigrationRefused(`this build does not know ${unknown}: undo it with the one that has applied it`);
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
