import { setTimeout as delay } from 'node:timers/promises';
import { Api, asks, eventually } from './api.js';
import { compose, containerOf, podman, project, proxyPort, run } from './stack.mjs';

const digest = `sha256:${'1'.repeat(64)}`;

describe('the production-like stack', () => {
  let api: Api;

  beforeAll(async () => {
    api = await Api.connect();
    for (const [path, body] of [
      ['/v1/environments/sandbox', { tier: 'development' }],
      ['/v1/services/hello', { description: 'What the tests deploy' }],
      [`/v1/services/hello/releases/${digest}`, { version: '1.0.0', gitSha: '1'.repeat(40) }],
    ] as const) {
      await api.send('PUT', path, body);
    }
  });

  afterAll(() => api.close());

  it('promotes a deployment through the proxy', async () => {
    const slot = '/v1/services/hello/environments/sandbox';
    const expectReady = [{ field: 'status', op: 'eq', value: 200 }];
    const check = { name: 'ready', type: 'http', url: '{host.url}/readyz', intervalSeconds: 1, expect: expectReady };
    await api.send('PUT', `${slot}/hosts`, { hosts: [{ name: 'a', url: 'http://app-2:3000' }] });
    await api.send('PUT', `${slot}/gate`, { warmUpSeconds: 0, bakeSeconds: 3, checks: [check] });
    const { body } = await api.deploy('hello', 'sandbox', digest);
    await api.send('POST', `/v1/deployments/${String(body['id'])}/deployed`, { fence: body['fence'] });
    const verdict = await api.send('GET', `/v1/deployments/${String(body['id'])}/verdict?wait=30`);
    expect(verdict.body).toMatchObject({ verdict: 'promote', state: 'promoted' });
  });

  it('shows the operations port to nobody outside', async () => {
    expect((await api.send('GET', '/metrics')).status).toBe(404);
    const published = await podman(
      'ps',
      '--filter',
      `label=io.podman.compose.project=${project}`,
      '--format',
      '{{.Ports}}',
    );
    expect(published.match(/\S+->\S+(?=,|$)/gm)).toEqual([`127.0.0.1:${proxyPort}->8443/tcp`]);
  });

  it('has every target scraped', async () => {
    const query = ['exec', containerOf('prometheus'), 'promtool', 'query', 'instant', 'http://127.0.0.1:9090'];
    const down = () => podman(...query, 'count(up) - sum(up)');
    expect(await eventually(down, (text) => text.includes('=> 0 @'), 60_000)).toContain('=> 0 @');
  });

  it('tells what is migrated, and undoes and redoes the newest migration', async () => {
    expect(await migrate('status')).toContain('applied CreatePlatform1795392000001');
    expect(await migrate('down')).toContain('undone');
    expect(await migrate('status')).toContain('pending');
    expect(await migrate('up')).toContain('applied');
  });

  // A client that was not answered for a while asks less often: Unleash is heard again within three minutes.
  it.each(['redis', 'unleash', 'prometheus'])(
    'goes on without %s, and is whole again when it is back',
    async (service) => {
      await podman('stop', '--time', '5', containerOf(service));
      if (service !== 'prometheus') {
        await becomes('app-1', '200 {"status":"degraded"', 90_000);
      }
      expect((await api.send('GET', '/v1/services/hello')).status).toBe(200);
      await podman('start', containerOf(service));
      await becomes('app-1', '200 {"status":"ready"', 180_000);
    },
  );

  it('is unready without PostgreSQL, stays alive, and is ready again without a restart', async () => {
    const before = await startedAt();
    await podman('stop', '--time', '10', containerOf('postgres'));
    await becomes('app-1', '503', 20_000);
    expect(await asks('app-1', '/livez')).toMatch(/^200/);
    await podman('start', containerOf('postgres'));
    await becomes('app-1', '200', 30_000);
    await becomes('app-2', '200', 30_000);
    expect(await startedAt()).toBe(before);
  });

  it('starts an instance again that was killed for its memory', async () => {
    const name = containerOf('app-1');
    const processId = await podman('inspect', '--format', '{{.State.Pid}}', name);
    await run('sh', ['-c', `echo 1000 >/proc/${processId}/oom_score_adj`]);
    const greedy = 'const all = []; for (;;) all.push(Buffer.alloc(1e7, 1))';
    await podman('exec', name, '/usr/local/bin/node', '-e', greedy).catch(() => undefined);
    const events = [
      'events',
      '--stream=false',
      '--since',
      '2m',
      '--filter',
      `container=${name}`,
      '--filter',
      'event=died',
    ];
    const died = () => podman(...events, '--format', '{{.ContainerExitCode}}');
    await eventually(died, (text) => text.split('\n').includes('137'), 20_000);
    await run('ops/scripts/wait-healthy', ['--project', project, '--timeout', '60', 'app-1'], 90_000);
    expect((await api.send('GET', '/v1/services/hello')).status).toBe(200);
  });

  it('loses no request while both instances are restarted in turn', async () => {
    const failures: string[] = [];
    const inFlight = new Set<Promise<void>>();
    let sent = 0;
    const timer = setInterval(() => {
      sent += 1;
      const one = api
        .send('GET', '/v1/services/hello')
        .then(({ status }) => void (status === 200 || failures.push(String(status))))
        .catch((error: Error) => void failures.push(error.message))
        .finally(() => inFlight.delete(one));
      inFlight.add(one);
    }, 5);
    for (const service of ['app-1', 'app-2']) {
      await podman('stop', '--time', '30', containerOf(service));
      expect(await podman('inspect', '--format', '{{.State.ExitCode}}', containerOf(service))).toBe('0');
      await podman('start', containerOf(service));
      await run('ops/scripts/wait-healthy', ['--project', project, '--timeout', '60', service], 90_000);
      // The proxy looks every second.
      await delay(2000);
    }
    clearInterval(timer);
    await Promise.all(inFlight);
    process.stdout.write(`${sent} requests, ${failures.length} failed\n`);
    expect(failures).toEqual([]);
  });
});

function migrate(...args: string[]): Promise<string> {
  return compose('run', '--rm', '--no-deps', 'migrate', 'dist/migrate.js', ...args);
}

/** `/readyz` of an instance begins to answer so. */
function becomes(service: string, answer: string, withinMs: number): Promise<string> {
  return eventually(
    () => asks(service, '/readyz'),
    (text) => text.startsWith(answer),
    withinMs,
  );
}

function startedAt(): Promise<string> {
  return podman('inspect', '--format', '{{.State.StartedAt}}', containerOf('app-1'));
}
