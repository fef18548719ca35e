import { register } from 'prom-client';
import { Database } from '../../src/platform/database/database.js';
import { startApplication, type TestApplication } from '../support/application.js';

const POOL_SIZE = 2;

let app: TestApplication;
let database: Database;
beforeAll(async () => {
  app = await startApplication({ settings: { databasePoolSize: POOL_SIZE } });
  database = app.nest.get(Database);
});
afterAll(() => app.close());

/** The value of one series; 0 before there is one. */
async function valueOf(metric: string, series: string): Promise<number> {
  const text = await register.getSingleMetricAsString(metric);
  const line = text.split('\n').find((each) => each.startsWith(`${series} `));
  return Number(line?.split(' ').at(-1) ?? 0);
}

const waits = () => valueOf('db_pool_acquire_duration_seconds', 'db_pool_acquire_duration_seconds_count');
const readOne = () => database.read((handle) => handle.query('SELECT 1'));

/** Of tables that do not exist. */
const deletions = () =>
  valueOf('db_query_duration_seconds', 'db_query_duration_seconds_count{operation="delete",entity="_OTHER"}');
const errors = (sqlstateClass: string) =>
  valueOf('db_errors_total', `db_errors_total{sqlstate_class="${sqlstateClass}"}`);

/** By how much the work raises them. */
async function growth(counts: Array<() => Promise<number>>, work: () => Promise<unknown>): Promise<number[]> {
  const all = () => Promise.all(counts.map((count) => count()));
  const before = await all();
  await work();
  return (await all()).map((count, index) => count - before[index]!);
}

/** Takes every connection that requests share while the work lasts. */
async function withoutConnections(work: () => Promise<unknown>): Promise<void> {
  const done = Promise.withResolvers<void>();
  const taken = Array.from({ length: POOL_SIZE }, () => Promise.withResolvers<void>());
  const holders = taken.map(({ resolve }) => {
    return database.transaction(async () => {
      resolve();
      await done.promise;
    });
  });
  await Promise.all(taken.map(({ promise }) => promise));
  await work().finally(() => done.resolve());
  await Promise.all(holders);
}

describe('metrics of the database', () => {
  it.each<[string, () => Promise<unknown>]>([
    ['read', () => database.read((handle) => handle.query('DELETE FROM nowhere'))],
    ['hot read', () => database.query('fails', 'DELETE FROM nowhere', [])],
    ['transaction', () => database.transaction((tx) => tx.query('DELETE FROM nowhere'))],
  ])('time a statement of a %s that fails, and count its failure', async (_, fail) => {
    expect(
      await growth([deletions, () => errors('42')], () => expect(fail()).rejects.toThrow('does not exist')),
    ).toEqual([1, 1]);
  });

  // What goes on in the background waits for connections too.
  it('time what a read waits for its connection', async () => {
    const [waited] = await growth([waits], () => Promise.all(Array.from({ length: 50 }, readOne)));
    expect(waited).toBeGreaterThanOrEqual(50);
  });

  it('time what is waited in vain, and count it as a failure of the pool', async () => {
    const inVain = [
      readOne,
      () => database.query('waits', 'SELECT 1', []),
      () => database.transaction((tx) => tx.query('SELECT 1')),
    ];
    await withoutConnections(async () => {
      const [long = 0, exhausted = 0, lost] = await growth(
        [longWaits, () => errors('pool'), () => errors('connection')],
        () => Promise.all(inVain.map((wait) => expect(wait()).rejects.toMatchObject({ status: 503 }))),
      );
      expect([long >= inVain.length, exhausted >= inVain.length, lost]).toEqual([true, true, 0]);
    });
  });
});

/** Those that took longer than a second: the pool gives up after two. */
async function longWaits(): Promise<number> {
  const bucket = 'db_pool_acquire_duration_seconds_bucket{le="1"}';
  return (await waits()) - (await valueOf('db_pool_acquire_duration_seconds', bucket));
}
