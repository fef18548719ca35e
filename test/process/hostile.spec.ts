import { readFile } from 'node:fs/promises';
import { jest } from '@jest/globals';
import { aBakingDeployment, ADMIN_TOKEN, ask } from '../support/baking-deployment.js';
import { digestOf } from '../support/fixtures.js';
import { aHostInAThread, anUnknownToken, aProber, askOften, Flood, unfinished } from '../support/hostile-traffic.js';
import { limitMemory, type MemoryCgroup } from '../support/memory-cgroup.js';
import { aLongGate, measureAll } from '../support/much-measured.js';
import { type Program, startProgram, until } from '../support/program.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const MIB = 1024 * 1024;
const BAKE_SECONDS = 20;
/** Of a gate that another instance has left behind: 60,000 measurements on three hosts. */
const LONG_BAKE_SECONDS = 20_000;
/** Hosts whose names nobody resolves. */
const NAMELESS = Array.from({ length: 20 }, (_, n) => `nameless-${n}.invalid`);
const MEMORY_LIMIT = 512 * MIB;
const MOST_RESIDENT = 450 * MIB;
/** In a row: none on a machine that does nothing else. A health check that asks every 10 s sees one of them at most. */
const MOST_UNANSWERED = 8;

jest.setTimeout(180_000);

// oxlint-disable-next-line typescript/no-explicit-any -- as `ask` answers
function insist(program: Program, method: string, path: string, body?: object): Promise<any> {
  return until(`${method} ${path}`, () => ask(program, method, path, body).catch(() => null));
}

/** Of a path at which a bad host answers badly. */
function check(name: string): object {
  const expected = [{ field: '/a', op: 'eq', value: 1 }];
  return { name, type: 'http', url: `{host.url}/${name}`, intervalSeconds: 1, timeoutSeconds: 1, expect: expected };
}

describe('an instance of 512 MB that is attacked in every way at once', () => {
  let database: TestDatabase;
  let host: Awaited<ReturnType<typeof aHostInAThread>>;
  let program: Program;
  let memory: MemoryCgroup | null = null;
  let reporter: string;
  let baking: string;
  let leftBehind: string;
  let nameless: string;
  const flood = new Flood();

  beforeAll(async () => {
    database = await createTestDatabase();
    host = await aHostInAThread();
    await start();
    leftBehind = await aLongGate(program, {
      service: 'long',
      hostUrl: host.url,
      bakeSeconds: LONG_BAKE_SECONDS,
    });
    await program.kill();
    await measureAll(database, leftBehind, LONG_BAKE_SECONDS);
    await start();
    memory = await limitMemory(program.child.pid!, MEMORY_LIMIT);
    await ask(program, 'PUT', '/v1/services/other', {});
    const wish = { name: 'reporter', role: 'reporter', service: 'other' };
    reporter = (await ask(program, 'POST', '/v1/tokens', wish)).token;
    await badHosts();
    nameless = await namelessHosts();
    baking = await aBakingDeployment(program, { url: host.url } as never, BAKE_SECONDS);
  });

  afterAll(async () => {
    flood.close();
    await program.kill();
    await memory?.remove();
    await host.close();
    await database.drop();
  });

  async function start(): Promise<void> {
    program = await startProgram({
      DATABASE_URL: database.url,
      BOOTSTRAP_ADMIN_TOKEN: ADMIN_TOKEN,
      LOG_LEVEL: 'error',
      PROBE_ALLOW: ['127.0.0.0/8', ...NAMELESS].join(','),
      // As the image sets it for 512 MB.
      NODE_OPTIONS: '--max-old-space-size=307',
    });
    await program.untilReady();
  }

  /** 41 KB that name one long place 2270 times over. */
  async function longErrors(): Promise<void> {
    const body = `{"${'~'.repeat(20_480)}":["\\u0000"${',"\\u0000"'.repeat(2269)}]}`;
    const headers = { authorization: `Bearer ${reporter}`, 'content-type': 'application/json' };
    const url = `${program.url}/v1/services/other/environments/qa/observations`;
    for (let n = 0; n < 100; n += 1) await fetch(url, { method: 'POST', headers, body }).catch(() => null);
  }

  /** A gate of another team, whose hosts answer at great length, and byte by byte. */
  async function badHosts(): Promise<void> {
    const hosts = Array.from({ length: 20 }, (_, n) => ({ name: `h${n}`, url: host.url }));
    await verifying('other', hosts, [check('long'), check('drip')]);
  }

  /** A gate of a third team, whose hosts have names that nobody answers for. */
  async function namelessHosts(): Promise<string> {
    const hosts = NAMELESS.map((name) => ({ name, url: `http://${name}` }));
    return verifying('nameless', hosts, [check('readyz')]);
  }

  async function verifying(service: string, hosts: object[], checks: object[]): Promise<string> {
    const slot = `/v1/services/${service}/environments/qa`;
    await ask(program, 'PUT', `/v1/services/${service}`, {});
    await insist(program, 'PUT', `${slot}/hosts`, { hosts });
    await insist(program, 'PUT', `${slot}/gate`, { bakeSeconds: 2 * BAKE_SECONDS, warmUpSeconds: 0, checks });
    const digest = digestOf(service);
    await insist(program, 'PUT', `/v1/services/${service}/releases/${digest}`, {
      version: '1',
      gitSha: 'a'.repeat(40),
    });
    const { id, fence } = await insist(program, 'POST', '/v1/deployments', { service, environment: 'qa', digest });
    await insist(program, 'POST', `/v1/deployments/${id}/deployed`, { fence });
    return id;
  }

  /** Releases of 1 MB, listed 200 at a time by many at once. */
  async function longLists(): Promise<void> {
    const commit = { sha: 'a'.repeat(40), committedAt: '2026-01-05T09:00:00.000Z', message: 'm'.repeat(9000) };
    const body = { version: '1', gitSha: 'a'.repeat(40), commits: Array.from({ length: 100 }, () => commit) };
    const path = '/v1/services/checkout/releases';
    // What is refused for now is put another time.
    for (let n = 0; n < 30; n += 1)
      await ask(program, 'PUT', `${path}/${digestOf(`large ${n}`)}`, body).catch(() => null);
    await askOften(200, `${program.url}${path}?limit=200`, () => ADMIN_TOKEN);
    await askOften(100, `${program.url}${path}/${digestOf('large 0')}`, () => ADMIN_TOKEN);
  }

  async function unfinishedRequests(): Promise<void> {
    const { url, opsUrl } = program;
    const release = `PUT /v1/services/checkout/releases/${digestOf('never')}`;
    await flood.open(url, 250, unfinished(release, ADMIN_TOKEN, MIB, 1_000_000));
    const observation = 'POST /v1/services/other/environments/qa/observations';
    await flood.open(url, 450, unfinished(observation, reporter, 60_000, 59_000));
    await flood.open(opsUrl, 600, unfinished('GET /livez', 'none', 65_000, 64_000));
    await flood.open(opsUrl, 600, unfinished('PUT /loggers/root', 'none', 65_000, 64_000));
    for (const port of [url, opsUrl]) {
      await flood.open(port, 1500, `GET / HTTP/1.1\r\nx: ${'x'.repeat(7000)}`);
      await flood.open(port, 1500, `GET / HTTP/1.1\r\nx: ${'x'.repeat(15_000)}`);
      await flood.open(port, 1500, '');
    }
  }

  async function unknownTokens(): Promise<void> {
    const statuses = await askOften(3000, `${program.url}/v1/services`, anUnknownToken);
    expect([...statuses.keys()].filter((status) => status >= 200 && status < 300)).toEqual([]);
  }

  /** The most that it ever had, where the system tells; else what it has now. */
  async function residentBytes(): Promise<number> {
    const status = await readFile(`/proc/${program.child.pid}/status`, 'utf8').catch(() => '');
    const peak = /^VmHWM:\s{1,20}(\d{1,12}) kB$/m.exec(status)?.[1];
    if (peak !== undefined) return Number(peak) * 1024;
    const metrics = await (await fetch(`${program.opsUrl}/metrics`)).text();
    return Number(/^process_resident_memory_bytes (\S{1,30})$/m.exec(metrics)?.[1]);
  }

  it('answers probes, stays within its memory, and promotes what was good', async () => {
    const prober = aProber(`${program.opsUrl}/livez`);
    await Promise.all([longErrors(), longLists(), unfinishedRequests(), unknownTokens()]);
    expect(await prober.stop()).toBeLessThan(MOST_UNANSWERED);
    flood.close();
    const verdictOf = (id: string) => ask(program, 'GET', `/v1/deployments/${id}/verdict?wait=60`);
    expect(await verdictOf(baking)).toMatchObject({ verdict: 'promote', reasons: [{ code: 'all-checks-passed' }] });
    // What nobody could measure accuses nobody.
    for (const id of [leftBehind, nameless]) {
      const { verdict, reasons } = await verdictOf(id);
      expect([verdict, reasons[0].code]).toEqual(['hold', 'check-error']);
    }
    expect(await residentBytes()).toBeLessThan(MOST_RESIDENT);
  });
});
