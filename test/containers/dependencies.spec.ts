import { Api, asks, eventually } from './api.js';
import { becomes, deaths, inside, startedAt } from './instances.js';
import { containerOf, healthy, podman } from './stack.mjs';

const optional = ['unleash', 'redis', 'prometheus'];
const ready = '200 {"status":"ready"';
const degraded = '200 {"status":"degraded"';

/** A test that fails leaves away what it stopped; those after it are not to fail for that. */
afterEach(() => podman('start', ...['app-1', 'app-2', 'postgres', ...optional, 'alertmanager'].map(containerOf)));

describe('an outage of what an instance depends on', () => {
  let api: Api;

  beforeAll(async () => {
    api = await Api.connect();
    await api.send('PUT', '/v1/services/steady', { description: 'Asked for during outages' });
  });

  afterAll(() => api.close());

  /** What a client outside is told, through a proxy that knows no ready instance. */
  const told = async () => {
    const { status, headers, body } = await api.send('GET', '/v1/services/steady');
    return { status, type: headers['content-type'], retryAfter: headers['retry-after'], body };
  };

  const answers = async () => (await api.send('GET', '/v1/services/steady')).status;

  // A client of Unleash that was not answered for a while asks less often, up to three minutes apart.
  it.each(optional)(
    'degrades it for %s, which ends by itself when told to, and it is whole again by itself',
    async (service) => {
      const before = await startedAt('app-1');
      await podman('stop', '--time', '20', containerOf(service));
      // A shell in front of it would keep SIGTERM to itself, and each stop would end by SIGKILL.
      expect(await podman('inspect', '--format', '{{.State.ExitCode}}', containerOf(service))).not.toBe('137');
      await becomes('app-1', degraded, 90_000);
      expect(await answers()).toBe(200);
      await podman('start', containerOf(service));
      await becomes('app-1', ready, 180_000);
      expect(await startedAt('app-1')).toBe(before);
    },
  );

  it('does not touch it for Alertmanager, which it never asks', async () => {
    await podman('stop', '--time', '5', containerOf('alertmanager'));
    expect(await becomes('app-1', ready, 30_000)).toContain(ready);
    expect(await answers()).toBe(200);
    await podman('start', containerOf('alertmanager'));
    await healthy('alertmanager');
  });

  it('makes it unready for PostgreSQL, alive all the while, and ready again without a restart', async () => {
    const before = await startedAt('app-1');
    await podman('stop', '--time', '10', containerOf('postgres'));
    await Promise.all([becomes('app-1', '503', 20_000), becomes('app-2', '503', 20_000)]);
    expect(await asks('app-1', '/livez')).toMatch(/^200/);
    // Longer than liveness needs for its three checks.
    for (let asked = 0; asked < 4; asked += 1) {
      await podman('healthcheck', 'run', containerOf('app-1'));
      expect(await told()).toMatchObject({
        status: 503,
        type: 'application/problem+json',
        retryAfter: expect.stringMatching(/^\d+$/),
        body: { type: 'urn:plimsoll:problem:database-unavailable' },
      });
    }
    await podman('start', containerOf('postgres'));
    await Promise.all([becomes('app-1', '200', 30_000), becomes('app-2', '200', 30_000)]);
    expect(await eventually(answers, (status) => status === 200, 10_000)).toBe(200);
    expect(await startedAt('app-1')).toBe(before);
  });
});

describe('a proxy without an instance', () => {
  it('says so in a problem with Retry-After, at once', async () => {
    const api = await Api.connect();
    const instances = ['app-1', 'app-2'];
    await podman('stop', '--time', '30', ...instances.map(containerOf));
    const answers = [await api.send('GET', '/v1/services'), await api.send('PUT', '/v1/services/any', {})];
    await podman('start', ...instances.map(containerOf));
    await healthy(...instances);
    const problem = {
      status: 503,
      headers: { 'content-type': 'application/problem+json', 'retry-after': '5' },
      body: { type: 'urn:plimsoll:problem:no-instance', status: 503 },
    };
    expect(answers).toMatchObject([problem, problem]);
    await eventually(
      async () => (await api.send('GET', '/v1/services')).status,
      (status) => status === 200,
      20_000,
    );
    api.close();
  });
});

describe('an instance that dies', () => {
  it('for its memory, is started again, also while an optional dependency is away', async () => {
    const since = new Date();
    await podman('stop', '--time', '5', containerOf('redis'));
    // The kernel kills the first of those who may be killed: that is not the greedy one, but the instance.
    await inside('app-1', 'fs.writeFileSync("/proc/1/oom_score_adj", "1000")');
    const greedy = 'const all = []; for (;;) all.push(Buffer.alloc(1e7, 1))';
    await inside('app-1', greedy).catch(() => undefined);
    await eventually(
      () => deaths('app-1', since),
      (codes) => codes.includes('137'),
      20_000,
    );
    // Right after its start it does not know yet that Redis is away: two samples say so.
    expect(await becomes('app-1', degraded, 60_000)).toContain('redis');
    await podman('start', containerOf('redis'));
    await becomes('app-1', ready, 60_000);
  });
});
