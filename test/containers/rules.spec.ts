import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Api, eventually } from './api.js';
import { containerOf, folder, podman, project, run } from './stack.mjs';

const clone = fileURLToPath(new URL('../..', import.meta.url));
const name = `${project}-prometheus-of-a-test`;

describe('rules, routes and configurations', () => {
  it('do what their tests say, by promtool and amtool of the pinned images', async () => {
    expect(await run('node', ['ops/monitoring/test.ts'], { timeoutMs: 280_000 })).toMatch(
      /^\d+ passed, 0 failed, 0 skipped$/m,
    );
  });
});

// By path: ops has a TypeScript configuration of its own.
const load = (file: string) => import(join(clone, 'ops/monitoring/live', file)) as Promise<unknown>;

interface PlantedAlert {
  readonly name: string;
  readonly expr: string;
  readonly for?: string;
  readonly summary?: string;
}

interface Checker {
  faultsOf(rules: object[]): Promise<string[]>;
}

describe('what rules rest on, asked of the Prometheus of the stack', () => {
  it('is there, and every rule uses it as what it is', async () => {
    const told = await run('node', ['ops/monitoring/live/main.ts', '--project', project], { timeoutMs: 200_000 });
    expect(told).toMatch(/^\d+ passed, 0 failed, 0 skipped$/m);
  });

  it.each<[PlantedAlert, RegExp]>([
    [{ name: 'Silent', expr: 'nobody_emits_this > 1' }, /nothing emits nobody_emits_this/],
    [{ name: 'GaugeRate', expr: 'rate(app_ready[5m]) > 1' }, /rate of app_ready, which is a gauge/],
    [{ name: 'CounterValue', expr: 'log_messages_total > 9' }, /log_messages_total is a counter/],
    [{ name: 'LostLabel', expr: 'sum by (job) (up) == 0', summary: '{{ $labels.instance }}' }, /label instance/],
    [
      { name: 'Unrendered', expr: 'up == 0', summary: '{{ $value | humanise }}' },
      /promtool refuses the rules: .*humanise/,
    ],
    [{ name: 'Hasty', expr: 'up == 0', for: '20s' }, /for: 20s is shorter than two scrapes/],
  ])('finds the fault planted in %j', async (planted, fault) => {
    const { prometheusIn } = (await load('prometheus-api.ts')) as { prometheusIn(container: string): unknown };
    const { RuleFaults } = (await load('rule-faults.ts')) as {
      RuleFaults: { of(prometheus: unknown, rules: object[]): Promise<Checker> };
    };
    const checker = await RuleFaults.of(prometheusIn(containerOf('prometheus')), []);
    const whole = { severity: 'page', for: '1m', summary: 'A fault', description: '{{ $value }}', ...planted };

    expect(await checker.faultsOf([whole])).toEqual([expect.stringMatching(fault)]);
  });
});

describe('a fault of the stack', () => {
  interface Incident {
    status: string;
    title: string;
    labels: Record<string, string>;
  }

  let api: Api;

  beforeAll(async () => {
    api = await Api.connect();
    await api.send('PUT', '/v1/environments/production', { tier: 'production' });
    await api.send('PUT', '/v1/services/plimsoll', {});
    await startPrometheus();
  });

  afterAll(async () => {
    await podman('unpause', containerOf('postgres')).catch(() => undefined);
    await podman('rm', '--force', '--ignore', '--time', '2', name);
    api.close();
  });

  const incidents = async (): Promise<Incident[]> => {
    const { body } = await api.send('GET', '/v1/incidents?service=plimsoll');
    return ((body['items'] ?? []) as Incident[]).filter(({ labels }) => labels['alertname'] === 'DbDown');
  };

  it('becomes an alert, an incident of Plimsoll when that is back, and ends with the fault', async () => {
    await podman('pause', containerOf('postgres'));
    await eventually(
      () => alertsOf(containerOf('alertmanager')),
      (alerts) => alerts.includes('DbDown'),
      90_000,
    );
    await podman('unpause', containerOf('postgres'));
    const found = await eventually(incidents, ([incident]) => incident?.status === 'resolved', 150_000);

    expect(found).toMatchObject([
      {
        title: 'No instance reaches PostgreSQL',
        labels: { severity: 'page', service: 'plimsoll', environment: 'production' },
      },
    ]);
  });
});

const alertsOf = (alertmanager: string) =>
  podman(
    'exec',
    alertmanager,
    'amtool',
    '--alertmanager.url=http://127.0.0.1:9093',
    'alert',
    'query',
    'alertname=DbDown',
  );

/** One of the image of the stack, whose rules are quick; it tells the Alertmanager of the stack. */
async function startPrometheus(): Promise<void> {
  const configuration = join(folder, 'quick-prometheus');
  await mkdir(configuration, { recursive: true, mode: 0o755 });
  await run('node', ['ops/monitoring/main.ts', '--factor', '60', '--scrape', '5', '--out', configuration]);
  const image = await podman('inspect', '--format', '{{.ImageName}}', containerOf('prometheus'));
  const mount = `${configuration}:/etc/prometheus:ro,Z`;
  const options = ['--detach', '--name', name, '--network', `${project}_inside`, '--volume', mount];
  await podman(
    'run',
    ...options,
    image,
    '--config.file=/etc/prometheus/prometheus.yml',
    '--storage.tsdb.path=/tmp/data',
  );
}
