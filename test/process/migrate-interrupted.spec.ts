import { migrationFiles } from '../../src/platform/database/migration-files.js';
import { DatabaseProxy } from '../support/database-proxy.js';
import { eventually } from '../support/eventually.js';
import { type MigrateProgram, startMigrate } from '../support/migrate-program.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

/** Makes the migration that creates the table go to sleep in its middle. */
const HOLD = `
  CREATE FUNCTION hold_deployments() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
    IF EXISTS (SELECT FROM pg_event_trigger_ddl_commands() WHERE object_identity = 'public.deployments')
    THEN PERFORM pg_sleep(600); END IF;
  END $$;
  CREATE EVENT TRIGGER hold_deployments ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION hold_deployments()`;

const EXIT_FAILED = 1;
const EXIT_STOPPED = 75;

describe('a migration in whose middle', () => {
  let database: TestDatabase;
  let proxy: DatabaseProxy;
  let names: string[];

  beforeEach(async () => {
    names = (await migrationFiles()).map(({ name }) => name);
    database = await createTestDatabase({ isEmpty: true });
    proxy = await DatabaseProxy.before(database.url);
    await database.query(HOLD);
  });
  afterEach(async () => {
    await proxy.cut();
    await database.drop();
  });

  const sessions = (application: string) =>
    database.query<{ pid: number; wait_event: string }>(
      `SELECT pid, wait_event FROM pg_stat_activity
       WHERE application_name = '${application}' AND datname = current_database()`,
    );

  async function aMigrationUnderWay(): Promise<MigrateProgram> {
    const migrator = startMigrate(proxy.url, ['up']);
    await eventually(async () => expect(await sessions('plimsoll migrate')).toMatchObject([{ wait_event: 'PgSleep' }]));
    return migrator;
  }

  async function terminate(application: string): Promise<void> {
    for (const { pid } of await sessions(application)) await database.query(`SELECT pg_terminate_backend(${pid})`);
  }

  test.each<[string, (migrator: MigrateProgram) => unknown, number | null]>([
    ['it is asked to stop', ({ child }) => child.kill('SIGTERM'), EXIT_STOPPED],
    ['it is interrupted', ({ child }) => child.kill('SIGINT'), EXIT_STOPPED],
    ['it is killed', ({ child }) => child.kill('SIGKILL'), null],
    ['its connection breaks', () => terminate('plimsoll migrate'), EXIT_FAILED],
    ['the lock is lost', () => terminate('plimsoll migrate lock'), EXIT_FAILED],
    ['the database goes', () => proxy.cut(), EXIT_FAILED],
    ['the database falls silent', () => proxy.silence(), EXIT_FAILED],
  ])(
    '%s leaves nothing half applied, and the next one goes on from there',
    async (_what, happen, code) => {
      const migrator = await aMigrationUnderWay();
      await happen(migrator);
      expect((await migrator.finished).code).toBe(code);
      await proxy.restore();
      // PostgreSQL looks every second whether anybody is still there.
      await eventually(async () => expect(await sessions('plimsoll migrate')).toEqual([]));
      const [left] = await database.query(`SELECT to_regclass('deployments') AS deployments,
        (SELECT count(*)::int FROM migrations) AS applied`);
      expect(left).toEqual({ deployments: null, applied: 3 });

      await database.query('DROP EVENT TRIGGER hold_deployments');
      const next = await startMigrate(proxy.url, ['up']).finished;
      expect(next.output).toBe(
        names
          .slice(3)
          .map((name) => `migrate: applied ${name}\n`)
          .join(''),
      );
      expect(next.code).toBe(0);
    },
    60_000,
  );

  test('PostgreSQL refuses something: it is named, and so are those that were applied before', async () => {
    await database.query('DROP EVENT TRIGGER hold_deployments');
    await database.query('CREATE TABLE deployments ()');
    const { code, output } = await startMigrate(proxy.url, ['up']).finished;
    expect(code).toBe(EXIT_FAILED);
    expect(output.trim().split('\n').sort()).toEqual([
      `migrate: ${names[3]} could not be applied: relation "deployments" already exists`,
      ...names
        .slice(0, 3)
        .map((name) => `migrate: applied ${name}`)
        .sort(),
    ]);
  });
});
