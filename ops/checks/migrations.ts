import { glob } from 'node:fs/promises';
import { join } from 'node:path';
import { DataSource, getMetadataArgsStorage } from 'typeorm';
import { clone, node } from '../scripts/clone.mjs';
import { run } from '../scripts/child-process.mjs';
import { assertNone, Fault } from './fault.ts';

/** Keys, indexes and constraints stand in the migrations alone: SQL says them better than decorators do. */
const onlyInMigrations = /^(DROP INDEX|ALTER TABLE "\w+" DROP CONSTRAINT) /;

/** Every migration can be undone, and done again. */
export async function migrationsGoBothWays(databaseUrl: string): Promise<void> {
  await migrate(databaseUrl, 'up');
  const there = await migrate(databaseUrl, 'status');
  for (const _ of there.split('\n')) await migrate(databaseUrl, 'down');
  const left = await tablesOf(databaseUrl);
  assertNone('Undoing every migration leaves', left);
  await migrate(databaseUrl, 'up');
}

/** What TypeORM would change to make the migrated database fit the entities: nothing. */
export async function entitiesAgreeWithMigrations(databaseUrl: string): Promise<void> {
  await migrate(databaseUrl, 'up');
  for await (const file of glob(join(clone, 'dist/**/*.entit{y,ies}.js'))) await import(file);
  const entities = getMetadataArgsStorage().tables.map(({ target }) => target as () => void);
  if (entities.length === 0) throw new Fault('No entity was found: this check does not see the code.');
  const dataSource = new DataSource({ type: 'postgres', url: databaseUrl, entities, installExtensions: false });
  await dataSource.initialize();
  try {
    const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
    const differences = upQueries.map(({ query }) => query).filter((query) => !onlyInMigrations.test(query));
    assertNone('Entities and migrations differ; to fit the entities the database would need', differences);
  } finally {
    await dataSource.destroy();
  }
}

async function migrate(databaseUrl: string, ...args: string[]): Promise<string> {
  const env = { ...process.env, APP_ENV: 'test', DATABASE_URL: databaseUrl };
  const { exitCode, output } = await run(node, ['dist/migrate.js', ...args], { cwd: clone, env });
  if (exitCode !== 0) throw new Fault(`migrate ${args.join(' ')}: ${output}`);
  return output;
}

async function tablesOf(databaseUrl: string): Promise<string[]> {
  const dataSource = await new DataSource({
    type: 'postgres',
    url: databaseUrl,
    installExtensions: false,
  }).initialize();
  try {
    const rows: { name: string }[] = await dataSource.query(
      `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind <> 'i' and relname !~ '^migrations'
       union select typname from pg_type where typnamespace = 'public'::regnamespace and typtype in ('e', 'd')
       union select proname from pg_proc where pronamespace = 'public'::regnamespace`,
    );
    return rows.map(({ name }) => name);
  } finally {
    await dataSource.destroy();
  }
}
