import { Client } from 'pg';
import { ReservedDatabase } from '../../src/platform/database/database.js';
import { aHost } from '../support/a-host.js';
import { problem, startApplication, type TestApplication } from '../support/application.js';
import { eventually } from '../support/eventually.js';
import { aDeployment, aSlot } from '../support/fixtures.js';
import { askOperations, operationsSettings } from '../support/operations.js';

const POOL_SIZE = 2;

let app: TestApplication;
/** Past the application, whose pool is taken. */
let observer: Client;

beforeAll(async () => {
  app = await startApplication({ settings: { ...operationsSettings, databasePoolSize: POOL_SIZE } });
  observer = new Client({ connectionString: app.databaseUrl });
  await observer.connect();
});
afterAll(async () => {
  await observer.end();
  await app.close();
});

/** Takes every connection that requests share, until the returned function is called. */
async function takeThePool(): Promise<() => Promise<unknown>> {
  const release = Promise.withResolvers<void>();
  const taken = Array.from({ length: POOL_SIZE }, () => Promise.withResolvers<void>());
  const holders = taken.map(({ resolve }) =>
    app.database.transaction(async () => {
      resolve();
      await release.promise;
    }),
  );
  await Promise.all(taken.map(({ promise }) => promise));
  return () => {
    release.resolve();
    return Promise.all(holders);
  };
}

async function stateOf(id: string): Promise<unknown> {
  const { rows } = await observer.query('SELECT state FROM deployments WHERE id = $1', [id]);
  return rows[0]?.state;
}

describe('what gates live on', () => {
  it('goes on while requests have every connection of the pool: lease, identity, measurements, verdict', async () => {
    await using host = await aHost({ '/readyz': {}, '/info': { body: { imageDigest: 'none yet' } } });
    const expectation = { field: 'status', op: 'eq', value: 200 };
    const checks = [
      { name: 'ready', type: 'http', url: '{host.url}/readyz', intervalSeconds: 1, expect: [expectation] },
    ];
    const identity = { url: '{host.url}/info', field: '/imageDigest', consecutive: 1 };
    const slot = await aSlot(app, { hosts: [host], gate: { bakeSeconds: 1, identity, checks } });
    const { id, release } = await aDeployment(app, { ...slot, state: 'verifying' });
    const giveBack = await takeThePool();
    try {
      host.answer('/info', { body: { imageDigest: release.digest } });
      expect(await app.request('GET', '/v1/services')).toMatchObject(problem(503, 'database-unavailable'));
      await eventually(async () => expect(await stateOf(id)).toBe('promoted'));
    } finally {
      await giveBack();
    }
    const { body } = await app.request('GET', `/v1/deployments/${id}/verdict`);
    expect(body).toMatchObject({ verdict: 'promote', progress: { done: 2, planned: 2 } });
  });

  it('is measured beside the pool', async () => {
    const { text } = await askOperations(app, 'GET', '/metrics');
    expect(text).toMatch(/^db_reserved_connections{state="idle"} \d+$/m);
    expect(text).toContain(`db_pool_max_connections ${POOL_SIZE}\n`);
  });

  it('follows a transaction of its own as any other: once it is committed, and only then', async () => {
    const reserved = app.nest.get(ReservedDatabase);
    const followed: string[] = [];
    await reserved.transaction(async () => {
      app.database.afterCommit(() => void followed.push('committed'));
      await expect(app.database.query('one', 'SELECT 1', [])).rejects.toThrow('the only way to the database');
      expect(followed).toEqual([]);
    });
    expect(followed).toEqual(['committed']);
  });
});
