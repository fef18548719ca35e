import { randomBytes } from 'node:crypto';
import { declaredPeers } from '../../src/operations/outbound/declared-peers.js';
import { OwnRedis } from '../support/a-redis.js';
import { eventually } from '../support/eventually.js';
import { digestOf } from '../support/fixtures.js';
import { type Program, startProgram, until } from '../support/program.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const { opensAfter, triesAgainAfterMs } = declaredPeers.redis.circuit;
const token = `plm_${randomBytes(32).toString('base64url')}`;
const redis = await OwnRedis.start();
const withRedis = redis ? describe : describe.skip;

withRedis('the built program with a Redis that hangs', () => {
  let database: TestDatabase;
  let program: Program;
  beforeAll(async () => {
    database = await createTestDatabase();
    program = await startProgram({
      DATABASE_URL: database.url,
      REDIS_URL: redis!.url,
      BOOTSTRAP_ADMIN_TOKEN: token,
    });
    await program.untilReady();
    await untilMetric('circuit_breaker_state{peer="redis"}', 0);
    await request('PUT', '/v1/environments/development', { tier: 'development' });
    await request('PUT', '/v1/services/checkout', {});
    await request('PUT', '/v1/services/checkout/environments/development/gate', { ungated: 'a test' });
  });
  afterAll(async () => {
    await program.kill();
    await redis!.goAway();
    await database.drop();
  });

  async function request(method: string, path: string, body?: object): Promise<Record<string, unknown>> {
    const headers = {
      authorization: `Bearer ${token}`,
      'idempotency-key': randomBytes(8).toString('hex'),
      ...(body && { 'content-type': 'application/json' }),
    };
    const response = await fetch(program.url + path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as Record<string, unknown>;
  }

  async function metric(series: string): Promise<number | null> {
    const text = await (await fetch(`${program.opsUrl}/metrics`)).text();
    const line = text.split('\n').find((candidate) => candidate.startsWith(`${series} `));
    return line === undefined ? null : Number(line.slice(series.length));
  }

  const untilMetric = (series: string, value: number) =>
    until(`${series} ${value}`, async () => ((await metric(series)) === value ? true : null));

  /** Deployments of releases that nobody has asked for yet: reading one needs the shared tier. */
  async function unreadDeployments(count: number): Promise<Array<{ id: string; version: string }>> {
    const made: Array<{ id: string; version: string }> = [];
    for (let n = 0; n < count; n++) {
      const version = randomBytes(8).toString('hex');
      const digest = digestOf(version);
      await request('PUT', `/v1/services/checkout/releases/${digest}`, { version, gitSha: digest.slice(7, 47) });
      const wish = { service: 'checkout', environment: 'development', digest };
      const { id, fence } = await request('POST', '/v1/deployments', wish);
      await request('POST', `/v1/deployments/${String(id)}/deployed`, { fence });
      made.push({ id: String(id), version });
    }
    return made;
  }

  const levelsOfLines = () =>
    program.log.filter(({ context, peer }) => context === 'Outbound' && peer === 'redis').map(({ level }) => level);

  const versionOf = async (id: string) =>
    ((await request('GET', `/v1/deployments/${id}`))['release'] as { version: string }).version;
  const asked = async () =>
    (await metric('cache_operation_duration_seconds_count{cache="releases",op="shared_get"}')) ?? 0;

  test('answers everything right, and lets a few requests wait for it and no more', async () => {
    const deployments = await unreadDeployments(60);
    const alone = deployments.splice(0, 20);
    const before = await asked();
    redis!.fallSilent();
    const startedAt = performance.now();
    for (const { id, version } of alone) expect(await versionOf(id)).toBe(version);
    expect(await metric('circuit_breaker_state{peer="redis"}')).not.toBe(0);
    const together = await Promise.all(deployments.map(async ({ id, version }) => (await versionOf(id)) === version));

    expect(together).not.toContain(false);
    const trials = Math.ceil((performance.now() - startedAt) / triesAgainAfterMs);
    expect((await asked()) - before).toBeLessThanOrEqual(opensAfter + trials);
  });

  test('says so in one line, and asks it again when it is back', async () => {
    const [first] = await unreadDeployments(1);
    await versionOf(first!.id);
    redis!.wakeUp();
    await until('the circuit to close', async () => {
      const [next] = await unreadDeployments(1);
      await versionOf(next!.id);
      return (await metric('circuit_breaker_state{peer="redis"}')) === 0 ? true : null;
    });

    await eventually(() => expect(levelsOfLines()).toEqual(['warn', 'info']));
  });
});
