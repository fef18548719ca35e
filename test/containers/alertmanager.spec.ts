import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Api, eventually } from './api.js';
import { containerOf, folder, podman, project } from './stack.mjs';

const name = `${project}-alertmanager-of-a-test`;
const slot = '/v1/services/alerting/environments/alerts';
const labels = ['alertname=AlertingFails', 'service=alerting', 'environment=alerts', 'severity=page'];
const digests = ['a', 'b'].map((letter) => `sha256:${letter.repeat(64)}`);

interface Incident {
  status: string;
  deploymentId: string | null;
  attribution: string;
  title: string;
  endsAt: string | null;
}

const tell = (...options: string[]) =>
  podman('exec', name, 'amtool', '--alertmanager.url=http://127.0.0.1:9093', 'alert', 'add', ...labels, ...options);

describe('a real Alertmanager that sends to an instance', () => {
  let api: Api;
  const deployments: string[] = [];

  beforeAll(async () => {
    api = await Api.connect();
    await api.send('PUT', '/v1/environments/alerts', { tier: 'development' });
    await api.send('PUT', '/v1/services/alerting', {});
    await api.send('PUT', `${slot}/gate`, { ungated: 'a test' });
    for (const digest of digests) deployments.push(await promoted(digest));
    const { body } = await api.send('POST', '/v1/tokens', { name: 'alertmanager', role: 'reporter' });
    await startAlertmanager(String(body['token']));
  });

  afterAll(async () => {
    await podman('rm', '--force', '--ignore', '--time', '2', name);
    api.close();
  });

  async function promoted(digest: string): Promise<string> {
    await api.send('PUT', `/v1/services/alerting/releases/${digest}`, {
      version: digest.slice(7, 10),
      gitSha: digest.slice(7, 47),
    });
    const { body } = await api.deploy('alerting', 'alerts', digest);
    await api.send('POST', `/v1/deployments/${String(body['id'])}/deployed`, { fence: body['fence'] });
    return String(body['id']);
  }

  const incidents = async (): Promise<Incident[]> => {
    const { body } = await api.send('GET', '/v1/incidents?service=alerting');
    return body['items'] as Incident[];
  };

  it('makes one incident of an alert, attributed to the deployment, and takes that out of last known good', async () => {
    const { body: before } = await api.send('GET', slot);
    expect(before).toMatchObject({ lastKnownGood: { digest: digests[1] } });
    await tell('--annotation=summary=Alerts are lost');
    const found = await eventually(incidents, ({ length }) => length > 0, 30_000);
    expect(found).toMatchObject([
      { status: 'firing', title: 'Alerts are lost', deploymentId: deployments[1], attribution: 'window', endsAt: null },
    ]);
    const { body: after } = await api.send('GET', slot);
    expect(after).toMatchObject({ lastKnownGood: { digest: digests[0] } });
  });

  it('resolves it when the alert ends, and tells of it once', async () => {
    await tell('--annotation=summary=Alerts are lost', `--end=${new Date().toISOString()}`);
    const found = await eventually(incidents, ([incident]) => incident?.status === 'resolved', 60_000);
    expect(found).toHaveLength(1);
  });
});

/** One of the image of the stack, in the network of the instances, whose groups do not wait. */
async function startAlertmanager(token: string): Promise<void> {
  const configFolder = join(folder, 'alertmanager');
  await mkdir(configFolder, { recursive: true, mode: 0o755 });
  const config = `
route: { receiver: plimsoll, group_wait: 1s, group_interval: 1s, repeat_interval: 1h }
receivers:
  - name: plimsoll
    webhook_configs:
      - url: http://app-1:3000/v1/webhooks/alertmanager
        send_resolved: true
        http_config: { authorization: { credentials: '${token}' } }
`;
  await writeFile(join(configFolder, 'alertmanager.yml'), config, { mode: 0o644 });
  const image = await podman('inspect', '--format', '{{.ImageName}}', containerOf('alertmanager'));
  const mount = `${configFolder}:/etc/alertmanager:ro,Z`;
  const options = ['--detach', '--name', name, '--network', `${project}_inside`, '--volume', mount];
  const command = [
    '--config.file=/etc/alertmanager/alertmanager.yml',
    '--storage.path=/tmp',
    '--cluster.listen-address=',
  ];
  await podman('run', ...options, image, ...command);
  const ask = () =>
    podman('exec', name, 'amtool', '--alertmanager.url=http://127.0.0.1:9093', 'config', 'show').catch(() => '');
  await eventually(ask, (shown) => shown.includes('plimsoll'), 30_000);
}
