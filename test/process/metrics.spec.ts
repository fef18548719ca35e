import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { digestOf } from '../support/fixtures.js';
import { type Program, startProgram, until } from '../support/program.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const page = new URL('../../docs/reference/metrics.md', import.meta.url);
const token = `plm_${randomBytes(32).toString('base64url')}`;
const nowhere = '127.0.0.1:1';

/** Those that nothing here gives a value to, so that their labels cannot be seen. */
const withoutValues = ['db_errors_total', 'gate_measurements_total', 'nodejs_active_requests'];

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
  beforeAll(async () => {
    database = await createTestDatabase();
    // Where a server of flags does not answer, nobody asks for them.
    program = await startProgram({
      DATABASE_URL: database.url,
      BOOTSTRAP_ADMIN_TOKEN: token,
      REDIS_URL: `redis://${nowhere}`,
      PROMETHEUS_URL: `http://${nowhere}`,
    });
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
  }

  const scrape = async () => (await fetch(`${program.opsUrl}/metrics`)).text();

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

  test('name every table that a statement can be about', async () => {
    const entities = (await scrape()).matchAll(/^db_query_duration_seconds_count{(.*)}/gm);
    expect([...entities].map(([, labels]) => labels)).not.toContainEqual(expect.stringContaining('_OTHER'));
  });
});
