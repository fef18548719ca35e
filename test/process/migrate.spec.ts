import { Client } from 'pg';
import { migrationFiles } from '../../src/platform/database/migration-files.js';
import { startApplication } from '../support/application.js';
import { eventually } from '../support/eventually.js';
import { startMigrate } from '../support/migrate-program.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

describe('node dist/migrate.js', () => {
  let database: TestDatabase;
  let names: string[];

  beforeAll(async () => {
    names = (await migrationFiles()).map(({ name }) => name);
  });

  beforeEach(async () => {
    database = await createTestDatabase({ isEmpty: true });
  });

  afterEach(() => database.drop());

  const migrate = (args: readonly string[], onOutput?: Parameters<typeof startMigrate>[2], url = database.url) =>
    startMigrate(url, args, onOutput).finished;

  async function applied(): Promise<string[]> {
    return (await database.query<{ name: string }>('SELECT name FROM migrations ORDER BY id')).map(({ name }) => name);
  }

  it('applies everything once, however many do it at once, and all of them succeed', async () => {
    const runs = await Promise.all(Array.from({ length: 8 }, () => migrate(['up'])));
    expect(runs.map(({ code }) => code)).toEqual(Array(8).fill(0));
    expect(runs.filter(({ output }) => output.includes(`applied ${names[0]}`))).toHaveLength(1);
    expect(await applied()).toEqual(names);
  }, 60_000);

  it('goes up, down and up again', async () => {
    expect(await migrate(['up'])).toMatchObject({ code: 0 });
    expect(await migrate(['down'])).toEqual({ code: 0, output: `migrate: undone ${names.at(-1)}\n` });
    expect(await migrate(['down', '--to', names[0] ?? ''])).toMatchObject({ code: 0 });
    expect(await applied()).toEqual(names.slice(0, 1));
    expect((await migrate(['status'])).output).toBe(
      names.map((name, n) => `migrate: ${n === 0 ? 'applied' : 'pending'} ${name}\n`).join(''),
    );
    expect(await migrate(['down'])).toMatchObject({ code: 0 });
    expect(await migrate(['down'])).toEqual({ code: 0, output: 'migrate: nothing to undo\n' });
    expect(await migrate(['up'])).toMatchObject({ code: 0 });
    expect(await applied()).toEqual(names);
  }, 60_000);

  it('gives way to whoever holds a table, says so, and tries again', async () => {
    await migrate(['up']);
    const holder = new Client(database.url);
    await holder.connect();
    await holder.query('BEGIN; LOCK TABLE measurements');
    const before = names.find((name) => name.startsWith('CreateDeployments')) ?? '';
    const run = await migrate(['down', '--to', before], (output) => {
      if (output.includes('locked by somebody else')) void holder.end();
    });
    expect(run).toMatchObject({ code: 0, output: expect.stringContaining('trying again (1 of') });
  }, 60_000);

  it.each([
    ['no command', [], /usage/],
    ['an unknown command', ['sideways'], /usage/],
    ['an unknown option', ['--force'], /--force/],
    ['--to without down', ['up', '--to', 'X'], /usage/],
    ['the name of no migration', ['down', '--to', 'Nothing1'], /Nothing1 is not among the applied migrations/],
  ])('ends with 64 on %s', async (_what, args, message) => {
    expect(await migrate(args)).toEqual({ code: 64, output: expect.stringMatching(message) });
  });

  it('says how it is used when it is asked', async () => {
    expect(await migrate(['--help'])).toEqual({ code: 0, output: expect.stringMatching(/^usage: [^]+ status /) });
  });

  it.each([['up'], ['status']])(
    'says at %s where it looks for a database that is away, and waits for it',
    async (verb) => {
      const run = await migrate(
        [verb],
        (output, child) => {
          if (output.includes('waiting')) child.kill();
        },
        'postgres://nobody@127.0.0.1:1/none',
      );
      expect(run.output).toMatch(/the database at 127\.0\.0\.1:1 cannot be reached \(.*ECONNREFUSED.*\): start it, or/);
    },
  );

  it('does not wait for a database that there is not on the server', async () => {
    const url = new URL(database.url);
    url.pathname = '/nowhere';
    expect(await migrate(['up'], undefined, url.href)).toEqual({
      code: 1,
      output: expect.stringMatching(/cannot be reached \(database "nowhere" does not exist\): .* correct DATABASE_URL/),
    });
  });

  it('tells a migration that a newer build has applied, leaves it alone going up, and does not undo it', async () => {
    await migrate(['up']);
    await database.query(
      `INSERT INTO migrations (timestamp, name) VALUES (9999999999999, 'FromTheFuture9999999999999')`,
    );
    expect((await migrate(['status'])).output).toMatch(/^migrate: unknown FromTheFuture9999999999999$/m);
    expect(await migrate(['up'])).toMatchObject({ code: 0 });
    const refusal = expect.stringMatching(/does not know FromTheFuture9999999999999: undo it with the one that has/);
    expect(await migrate(['down'])).toEqual({ code: 64, output: refusal });
    expect(await migrate(['down', '--to', names[0] ?? ''])).toEqual({ code: 64, output: refusal });
    expect(await applied()).toEqual([...names, 'FromTheFuture9999999999999']);
  }, 60_000);

  it.each(['SIGTERM', 'SIGINT'] as const)('ends in order on %s while it waits for its turn', async (signal) => {
    const holder = new Client(database.url);
    await holder.connect();
    await holder.query('SELECT pg_advisory_lock(7546215431)');
    const run = await migrate(['up'], (output, child) => {
      if (output.includes('waiting for it')) child.kill(signal);
    });
    await holder.end();
    expect(run).toEqual({ code: 75, output: expect.stringContaining(`stopped by ${signal}`) });
  });

  it('is what the server waits for, which never migrates and needs no restart', async () => {
    const starting = startApplication({ databaseUrl: database.url, withoutTokens: true });
    expect(await migrate(['up'])).toMatchObject({ code: 0 });
    const app = await starting;
    await eventually(async () => expect((await app.request('GET', '/readyz', { token: null })).status).toBe(200));
    await migrate(['down']);
    await eventually(
      async () => expect((await app.request('GET', '/readyz', { token: null })).status).toBe(503),
      20_000,
    );
    await app.close();
  }, 60_000);
});
