import { RedisConnection } from '../../src/platform/cache/redis-connection.js';
import { OwnRedis } from '../support/a-redis.js';
import { type Answer, startApplication, type TestApplication } from '../support/application.js';
import { eventually } from '../support/eventually.js';
import { aDeployment } from '../support/fixtures.js';
import { askOperations, operationsSettings } from '../support/operations.js';

const redis = await OwnRedis.start();
const withRedis = redis ? describe : describe.skip;

let app: TestApplication;
let other: TestApplication;
/** All on one database. The metrics are those of the newest. */
const instances: TestApplication[] = [];

const settings = { ...operationsSettings, ...(redis && { redisUrl: redis.url }) };
const isConnected = (instance: TestApplication) =>
  eventually(() => expect(instance.nest.get(RedisConnection).client?.status ?? 'ready').toBe('ready'));

async function anInstance(): Promise<TestApplication> {
  const shared = app && { databaseUrl: app.databaseUrl, withoutTokens: true };
  const instance = await startApplication({ settings, ...shared });
  await isConnected(instance);
  instances.push(instance);
  return instance;
}

beforeAll(async () => {
  app = await anInstance();
});
afterAll(async () => {
  for (const instance of instances.toReversed()) await instance.close();
  await redis?.goAway();
});

const get = (instance: TestApplication, id: string): Promise<Answer> =>
  instance.request('GET', `/v1/deployments/${id}`, { token: app.tokens.viewer });

/** How often the newest instance did it. */
async function counted(cache: string, op: string, result: string): Promise<number> {
  const { text } = await askOperations(app, 'GET', '/metrics');
  const [, value] =
    text.match(new RegExp(`cache_operations_total{cache="${cache}",op="${op}",result="${result}"} (\\d+)`)) ?? [];
  return Number(value ?? 0);
}

describe('the cache of releases', () => {
  it('spares the second reader of a deployment a look into the database', async () => {
    const { id, release } = await aDeployment(app);
    expect((await get(app, id)).body.release).toMatchObject(release);
    const before = [await counted('releases', 'load', 'ok'), await counted('releases', 'memory_get', 'hit')];
    expect((await get(app, id)).body.release).toMatchObject(release);
    expect(await counted('releases', 'load', 'ok')).toBe(before[0]);
    expect(await counted('releases', 'memory_get', 'hit')).toBe(before[1]! + 1);
  });

  it('tells an operator what it holds', async () => {
    const { caches } = (await askOperations(app, 'GET', '/caches')).body;
    expect(caches).toContainEqual({ name: 'tokens', tiers: 'memory', entries: expect.any(Number) });
    expect(caches.map(({ name }: { name: string }) => name)).toContain('releases');
  });
});

withRedis('Redis behind the cache', () => {
  it('gives an instance what another one has loaded', async () => {
    other = await anInstance();
    await eventually(async () => {
      const { id, release } = await aDeployment(app);
      for (const instance of [app, other]) expect((await get(instance, id)).body.release).toMatchObject(release);
      expect(await counted('releases', 'shared_get', 'hit')).toBeGreaterThan(0);
    });
  });

  it('is not believed when it holds what makes no sense', async () => {
    const { id, release } = await aDeployment(app);
    const [{ release_id: releaseId }] = await app.database.read((handle) =>
      handle.query('select release_id from deployments where id = $1', [id]),
    );
    for (const nonsense of ['{', '{"id":7}', '""']) {
      await other.nest.get(RedisConnection).client!.set(`plimsoll:releases:${releaseId}`, nonsense);
      const instance = await anInstance();
      expect((await get(instance, id)).body.release).toMatchObject(release);
    }
  });

  it('makes nothing wrong while it is silent, and is soon no longer asked', async () => {
    const instance = await anInstance();
    redis!.fallSilent();
    for (let n = 0; n < 10; n += 1) {
      const { id, release } = await aDeployment(app);
      expect((await get(instance, id)).body.release).toMatchObject(release);
    }
    expect(await counted('releases', 'shared_get', 'error')).toBeLessThan(10);
    redis!.wakeUp();
  });

  it('makes nothing wrong while it is away, and is used again when it is back', async () => {
    const instance = instances.at(-1)!;
    await isConnected(instance);
    await redis!.goAway();
    const { id, release } = await aDeployment(app);
    expect((await get(instance, id)).body.release).toMatchObject(release);
    await eventually(async () => expect((await instance.request('GET', '/readyz')).status).toBe(200));
    await redis!.comeBack();
    const before = await counted('releases', 'shared_get', 'miss');
    await eventually(async () => {
      await get(instance, (await aDeployment(app)).id);
      expect(await counted('releases', 'shared_get', 'miss')).toBeGreaterThan(before);
    });
  });
});
