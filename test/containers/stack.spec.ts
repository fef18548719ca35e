import { Api, eventually } from './api.js';
import { compose, containerOf, podman, project, proxyPort } from './stack.mjs';

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

  it('leaves the schema whole when a migration is told to end', async () => {
    await migrate('down');
    const name = `${project}_migrate_ended`;
    await compose('run', '--detach', '--no-deps', '--name', name, 'migrate', 'dist/migrate.js', 'up');
    await podman('kill', '--signal', 'TERM', name).catch(() => 'It was quicker.');
    await podman('wait', name);
    await podman('rm', name);
    await migrate('up');
    expect(await migrate('status')).not.toContain('pending');
  });
});

function migrate(...args: string[]): Promise<string> {
  return compose('run', '--rm', '--no-deps', 'migrate', 'dist/migrate.js', ...args);
}
