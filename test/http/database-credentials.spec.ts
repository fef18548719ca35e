import { randomBytes } from 'node:crypto';
import { Secrets } from '../../src/operations/config/secrets.js';
import { SETTINGS, type Settings } from '../../src/operations/config/settings.js';
import { Database } from '../../src/platform/database/database.js';
import { startApplication, type TestApplication } from '../support/application.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { eventually } from '../support/eventually.js';
import { askOperations, operationsSettings } from '../support/operations.js';

const role = `plimsoll_${randomBytes(6).toString('hex')}`;
const CONNECTIONS = `SELECT pid FROM pg_stat_activity WHERE usename = '${role}' AND datname = current_database()`;

let database: TestDatabase;
let app: TestApplication;

beforeAll(async () => {
  database = await createTestDatabase();
  await database.query(`CREATE ROLE ${role} LOGIN SUPERUSER PASSWORD 'canary-old'`);
  app = await startApplication({ databaseUrl: urlWith('canary-old'), settings: operationsSettings });
});
afterAll(async () => {
  await app.close();
  await database.query(`DROP ROLE ${role}`);
  await database.drop();
});

function urlWith(password: string): string {
  const url = new URL(database.url);
  url.username = role;
  url.password = password;
  return url.href;
}

async function connections(): Promise<number[]> {
  return (await database.query<{ pid: number }>(CONNECTIONS)).map(({ pid }) => pid).sort();
}

function rotateTo(databaseUrl: string): void {
  const settings = app.nest.get<Settings>(SETTINGS);
  app.nest.get(Secrets).replace({ ...settings, databaseUrl });
}

describe('the credentials of the database', () => {
  test('are replaced on every connection, and what is under way ends on the one it has', async () => {
    const before = await connections();
    const release = Promise.withResolvers<void>();
    const underWay = app.nest.get(Database).transaction(async (tx) => {
      const [row] = await tx.query<Array<{ pid: number }>>('SELECT pg_backend_pid() AS pid');
      await release.promise;
      await tx.query('SELECT 1');
      return row?.pid;
    });
    await database.query(`ALTER ROLE ${role} PASSWORD 'canary-new'`);
    rotateTo(urlWith('canary-new'));
    await eventually(async () => {
      const left = (await connections()).filter((pid) => before.includes(pid));
      expect(left.length).toBeLessThanOrEqual(1);
    });
    release.resolve();

    const pid = await underWay;
    await eventually(async () => expect(await connections()).not.toContain(pid));
    expect((await app.request('GET', '/v1/services')).status).toBe(200);
  });

  test('change only the user and the password', async () => {
    rotateTo('postgres://elsewhere@127.0.0.1:1/another');

    expect((await app.request('GET', '/v1/services')).status).toBe(200);
    rotateTo(urlWith('canary-new'));
  });
});

describe('the schema', () => {
  test('is told to operators: its version, and every migration', async () => {
    const info = await askOperations(app, 'GET', '/info');
    const { body } = await askOperations(app, 'GET', '/migrations');
    const [{ applied, pending }] = body.migrations as [{ applied: string[]; pending: string[] }];

    expect(applied[0]).toBe('CreatePlatform1795392000001');
    expect(info.body.schemaVersion).toBe(applied.at(-1));
    expect(pending).toEqual([]);
  });
});
