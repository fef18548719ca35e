import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { digestOf } from '../support/fixtures.js';
import { type Program, startProgram, until } from '../support/program.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const page = new URL('../../docs/reference/metrics.md', import.meta.url);
const token = `plm_${randomBytes(32).toString('base64url')}`;
const opsToken = 'a-token-for-operations';
const nowhere = '127.0.0.1:1';

/** Those that nothing here gives a value to, so that their labels cannot be seen. */
const withoutValues = [
  'db_errors_total',
  'gate_shadow_verdicts_total',
  'gate_measurements_total',
  'gate_runs_put_aside_total',
  'host_identity_probes_total',
  'nodejs_active_requests',
  'tls_certificate_not_after_timestamp_seconds',
];

/** Read from /proc. */
const onlyOnLinux = new Set([
  'process_virtual_memory_bytes',
  'process_heap_bytes',
  'process_open_fds',
  'process_max_fds',
]);

interface MetricRow {
  readonly type: string;
  readonly labels: readonly string[];
  readonly help: string;
}

/** What the page says, by name. */
async function documented(): Promise<Record<string, MetricRow>> {
  const rows = [...(await readFile(page, 'utf8')).matchAll(/^\| `(\w+)` +\| (\w+) +\| (.+?) +\| (.+?) +\|$/gm)];
  const here = rows.filter(([, name = '']) => process.platform === 'linux' || !onlyOnLinux.has(name));
  return Object.fromEntries(
    here.map(([, name, type = '', labels = '', help = '']) => {
      return [name, { type, labels: [...labels.matchAll(/`(\w+)`/g)].map(([, label]) => label ?? '').sort(), help }];
    }),
  );
}

/** What a scrape says, by name; labels as far as there are values. */
function scraped(text: string): Record<string, MetricRow> {
  const samples = [...text.matchAll(/^(\w+)(?:{(.*)})? \S+$/gm)];
  const labelsOf = (name: string) => {
    const own = samples.filter(
      ([, sample = '']) => sample.replace(/_(bucket|sum|count)$/, '') === name || sample === name,
    );
    const pairs = own.map(([, , labels = '']) => labels).join();
    const labels = [...pairs.matchAll(/(\w+)="(?:[^"\\]|\\.)*"/g)].map(([, label]) => label ?? '');
    return [...new Set(labels)].filter((label) => label !== 'le').sort();
  };
  const declared = text.matchAll(/^# HELP (\w+) (.*)\n# TYPE \w+ (\w+)$/gm);
  return Object.fromEntries(
    [...declared].map(([, name = '', help = '', type = '']) => [name, { type, labels: labelsOf(name), help }]),
  );
}

describe('the metrics of the built program', () => {
  let database: TestDatabase;
  let program: Program;
  let deployment: string;
  beforeAll(async () => {
    database = await createTestDatabase();
    // Where a server of flags does not answer, nobody asks for them.
    const settings = {
      DATABASE_URL: database.url,
      BOOTSTRAP_ADMIN_TOKEN: token,
      REDIS_URL: `redis://${nowhere}`,
      PROMETHEUS_URL: `http://${nowhere}`,
      OPS_TOKEN: opsToken,
      OPS_MAX_ACCESS: 'write',
    };
    program = await startProgram(settings, { canBeEntered: true });
    await program.untilReady();
    await deploy();
  });
  afterAll(async () => {
    await program.kill();
    await database.drop();
  });

  async function request(method: string, path: string, body?: object): Promise<Record<string, unknown>> {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': path };
    const response = await fetch(program.url + path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as Record<string, unknown>;
  }

  /** So that what is counted has values. */
  async function deploy(): Promise<void> {
    const digest = digestOf('one');
    await request('PUT', '/v1/environments/development', { tier: 'development' });
    await request('PUT', '/v1/services/checkout', {});
    await request('PUT', '/v1/services/checkout/environments/development/gate', { ungated: 'a test' });
    await request('PUT', `/v1/services/checkout/releases/${digest}`, { version: '1', gitSha: digest.slice(7, 47) });
    const wish = { service: 'checkout', environment: 'development', digest };
    const { id, fence } = await request('POST', '/v1/deployments', wish);
    await request('POST', `/v1/deployments/${String(id)}/deployed`, { fence });
    await request('GET', `/v1/deployments/${String(id)}`);
    deployment = String(id);
  }

  const scrape = async () => (await fetch(`${program.opsUrl}/metrics`)).text();

  const longestDelay = async () => Number(/^nodejs_eventloop_lag_max_seconds (.*)$/m.exec(await scrape())?.[1]);

  test('are those that the page names: no other, none missing, with its types, labels and words', async () => {
    const text = await until('the last metrics to have a value', async () => {
      const latest = await scrape();
      return /^gate_verdicts_total{/m.test(latest) && /^circuit_breaker_state{/m.test(latest) ? latest : null;
    });
    const told = await documented();
    const seen = scraped(text);
    for (const name of withoutValues)
      if (seen[name]?.labels.length === 0) seen[name] = { ...seen[name], labels: told[name]!.labels };

    expect(seen).toEqual(told);
  });

  test('hold probes and long polls apart, by the selector that the page gives to objectives', async () => {
    for (const path of ['/livez', '/readyz']) await (await fetch(program.url + path)).text();
    for (const query of ['', '?wait=0', '?wait=1'])
      await request('GET', `/v1/deployments/${deployment}/verdict${query}`);
    const selector = /route!~"([^"]+)"/.exec(await readFile(page, 'utf8'))?.[1] ?? '';
    const routes = (await scrape()).matchAll(/^http_server_request_duration_seconds_count{.*route="([^"]*)".*}/gm);
    const leftOut = [...routes]
      .map(([, route = '']) => route)
      .filter((route) => new RegExp(`^(?:${selector})$`).test(route));

    expect(leftOut.sort()).toEqual(['/livez', '/readyz', '/v1/deployments/:id/verdict?wait']);
    expect(await scrape()).toMatch(
      /_count{method="GET",route="\/v1\/deployments\/:id\/verdict",status_code="200"} 2$/m,
    );
  });

  test('show an instance that was taken out of service, until it is back', async () => {
    const headers = { authorization: `Bearer ${opsToken}`, 'content-type': 'application/json' };
    const states: Record<string, string[]> = {};
    for (const method of ['none', 'POST', 'DELETE']) {
      if (method !== 'none') await fetch(`${program.opsUrl}/drain`, { method, headers });
      states[method] = [...(await scrape()).matchAll(/^app_(?:ready|maintenance) .*$/gm)].map(([line]) => line);
    }

    const inService = ['app_ready 1', 'app_maintenance 0'];
    expect(states).toEqual({ none: inService, POST: ['app_ready 0', 'app_maintenance 1'], DELETE: inService });
  });

  test('show a stall of the event loop to every scraper, not only to the first', async () => {
    await program.enter('for (const end = Date.now() + 400; Date.now() < end; );');
    await until('the stall', async () => ((await longestDelay()) >= 0.2 ? true : null));

    expect(await longestDelay()).toBeGreaterThanOrEqual(0.2);
  });

  test('name every table that a statement can be about', async () => {
    const entities = (await scrape()).matchAll(/^db_query_duration_seconds_count{(.*)}/gm);
    expect([...entities].map(([, labels]) => labels)).not.toContainEqual(expect.stringContaining('_OTHER'));
  });
});
