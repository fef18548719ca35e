import { randomUUID } from 'node:crypto';
import { type FakeHost, aHost } from '../support/a-host.js';
import { digestOf } from '../support/fixtures.js';
import { type Program, startProgram, until } from '../support/program.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const TOKEN = `plm_${'gate-survival-'.repeat(4)}`;
const GOOD = digestOf('good');
const SLOT = '/v1/services/checkout/environments/qa';
const BAKE_SECONDS = 5;

let database: TestDatabase;
let host: FakeHost;
const programs: Program[] = [];

beforeEach(async () => {
  database = await createTestDatabase();
  host = await aHost({ '/info': { body: { imageDigest: GOOD } }, '/readyz': { status: 200 } });
});

afterEach(async () => {
  await Promise.all(programs.splice(0).map((program) => program.kill()));
  await host.close();
  await database.drop();
});

async function aProgram(): Promise<Program> {
  const program = await startProgram({ DATABASE_URL: database.url, BOOTSTRAP_ADMIN_TOKEN: TOKEN });
  programs.push(program);
  await program.untilReady();
  return program;
}

// oxlint-disable-next-line typescript/no-explicit-any -- a test says what it expects of an answer by its assertions
async function ask(program: Program, method: string, path: string, body?: object): Promise<any> {
  const response = await fetch(program.url + path, {
    method,
    headers: {
      authorization: `Bearer ${TOKEN}`,
      'idempotency-key': randomUUID(),
      ...(body ? { 'content-type': 'application/json' } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const answer: unknown = await response.json();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`);
  return answer;
}

/** A deployment of the good release whose gate has begun to measure; its id. */
async function aBakingDeployment(program: Program): Promise<string> {
  const check = { name: 'ready', type: 'http', url: '{host.url}/readyz', intervalSeconds: 1, timeoutSeconds: 1 };
  await ask(program, 'PUT', '/v1/environments/qa', { tier: 'development' });
  await ask(program, 'PUT', '/v1/services/checkout', {});
  await ask(program, 'PUT', `${SLOT}/hosts`, { hosts: [{ name: 'a', url: host.url }] });
  await ask(program, 'PUT', `${SLOT}/gate`, {
    bakeSeconds: BAKE_SECONDS,
    identity: { url: '{host.url}/info', field: '/imageDigest', consecutive: 1 },
    checks: [{ ...check, minMeasurements: 0.3, expect: [{ field: 'status', op: 'eq', value: 200 }] }],
  });
  await ask(program, 'PUT', `/v1/services/checkout/releases/${GOOD}`, { version: '1.0.0', gitSha: 'a'.repeat(40) });
  const wish = { service: 'checkout', environment: 'qa', digest: GOOD };
  const { id, fence } = await ask(program, 'POST', '/v1/deployments', wish);
  await ask(program, 'POST', `/v1/deployments/${id}/deployed`, { fence });
  await until('two measurements', async () => {
    const { progress } = await ask(program, 'GET', `/v1/deployments/${id}/verdict`);
    return progress.done >= 2 ? progress : null;
  });
  return id;
}

interface Measurement {
  readonly n: number;
  readonly dueAt: string;
  readonly outcome: string;
}

async function measurementsOf(program: Program, id: string): Promise<Measurement[]> {
  const { items } = await ask(program, 'GET', `/v1/deployments/${id}/measurements?limit=200`);
  return items.toSorted((a: Measurement, b: Measurement) => a.n - b.n);
}

/** Every n once, from 0 on, each due exactly one interval after the one before. */
function expectGapless(measurements: Measurement[]): void {
  const begin = Date.parse(measurements[0]?.dueAt ?? '');
  expect(measurements.map(({ n, dueAt }) => [n, Date.parse(dueAt) - begin])).toEqual(
    measurements.map((_, index) => [index, index * 1000]),
  );
}

describe('a gate whose server is killed in the middle of the bake', () => {
  it('goes on after the restart and comes to the right verdict, not before its time', async () => {
    const first = await aProgram();
    const id = await aBakingDeployment(first);
    await first.kill();
    const second = await aProgram();
    const verdict = await ask(second, 'GET', `/v1/deployments/${id}/verdict?wait=60`);
    expect(verdict).toMatchObject({ verdict: 'promote', state: 'promoted', reasons: [{ code: 'all-checks-passed' }] });
    const measurements = await measurementsOf(second, id);
    expectGapless(measurements);
    expect(new Set(measurements.map(({ outcome }) => outcome))).toEqual(new Set(['pass', 'missed']));
    const { finishedAt } = await ask(second, 'GET', `/v1/deployments/${id}`);
    const begunAt = Date.parse(measurements[0]?.dueAt ?? '');
    expect(Date.parse(finishedAt) - begunAt).toBeGreaterThanOrEqual(BAKE_SECONDS * 1000);
    // The deadline moves by the time that nobody watched, and by one bake at most.
    expect(measurements.length).toBeLessThanOrEqual(2 * BAKE_SECONDS + 1);
  });

  it('rejects what turned bad while nobody watched', async () => {
    const first = await aProgram();
    const id = await aBakingDeployment(first);
    await first.kill();
    host.answer('/readyz', { status: 500 });
    const second = await aProgram();
    const verdict = await ask(second, 'GET', `/v1/deployments/${id}/verdict?wait=60`);
    expect(verdict).toMatchObject({ verdict: 'rollback', rollbackTo: null });
    expect(verdict.reasons.map(({ code }: { code: string }) => code)).toEqual(['check-failed', 'no-known-good']);
  });
});

describe('a gate that two instances can watch', () => {
  it('is taken over when the one that watches it is killed, and every measurement is made once', async () => {
    const [first, second] = [await aProgram(), await aProgram()];
    const id = await aBakingDeployment(first);
    await first.kill();
    const verdict = await ask(second, 'GET', `/v1/deployments/${id}/verdict?wait=60`);
    expect(verdict).toMatchObject({ verdict: 'promote', reasons: [{ code: 'all-checks-passed' }] });
    expectGapless(await measurementsOf(second, id));
  });

  it('is handed over at once when the one that watches it stops', async () => {
    const [first, second] = [await aProgram(), await aProgram()];
    const id = await aBakingDeployment(first);
    first.signal('SIGTERM');
    expect(await first.exit()).toBe(0);
    const verdict = await ask(second, 'GET', `/v1/deployments/${id}/verdict?wait=60`);
    expect(verdict.verdict).toBe('promote');
    expectGapless(await measurementsOf(second, id));
  });

  it('tells its verdict to who waits at the other one', async () => {
    const [first, second] = [await aProgram(), await aProgram()];
    const id = await aBakingDeployment(first);
    const verdicts = await Promise.all(
      [first, second].map((program) => ask(program, 'GET', `/v1/deployments/${id}/verdict?wait=60`)),
    );
    expect(verdicts.map(({ verdict }) => verdict)).toEqual(['promote', 'promote']);
  });
});
