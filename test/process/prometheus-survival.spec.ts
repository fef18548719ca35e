import { jest } from '@jest/globals';
import { aPrometheus, aPrometheusCheck, type FakePrometheus } from '../support/a-prometheus.js';
import { ADMIN_TOKEN, ask, expectGapless, GOOD, measurementsOf } from '../support/baking-deployment.js';
import { type Program, startProgram, until } from '../support/program.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const SLOT = '/v1/services/checkout/environments/qa';
const BAKE_SECONDS = 8;

// The lease of who was killed has to run out before somebody else may go on.
jest.setTimeout(90_000);

let database: TestDatabase;
let prometheus: FakePrometheus;
const programs: Program[] = [];

beforeEach(async () => {
  database = await createTestDatabase();
  prometheus = await aPrometheus();
});
afterEach(async () => {
  await Promise.all(programs.splice(0).map((program) => program.kill()));
  await prometheus.close();
  await database.drop();
});

async function aProgram(): Promise<Program> {
  const settings = { DATABASE_URL: database.url, BOOTSTRAP_ADMIN_TOKEN: ADMIN_TOKEN, PROMETHEUS_URL: prometheus.url };
  const program = await startProgram(settings);
  programs.push(program);
  await program.untilReady();
  return program;
}

describe('a gate that asks Prometheus, whose server is killed in the middle of the bake', () => {
  it('loses no measurement: each that nobody made is asked for its own instant', async () => {
    prometheus.answer('errors', 0.001);
    const first = await aProgram();
    await ask(first, 'PUT', '/v1/environments/qa', { tier: 'development' });
    await ask(first, 'PUT', '/v1/services/checkout', {});
    await ask(first, 'PUT', `${SLOT}/gate`, {
      warmUpSeconds: 0,
      bakeSeconds: BAKE_SECONDS,
      checks: [aPrometheusCheck()],
    });
    await ask(first, 'PUT', `/v1/services/checkout/releases/${GOOD}`, { version: '1.0.0', gitSha: 'a'.repeat(40) });
    const wish = { service: 'checkout', environment: 'qa', digest: GOOD };
    const { id, fence } = await ask(first, 'POST', '/v1/deployments', wish);
    await ask(first, 'POST', `/v1/deployments/${id}/deployed`, { fence });
    await until('a measurement', async () => prometheus.asked[0] ?? null);
    await first.kill();
    const second = await aProgram();
    const verdict = await ask(second, 'GET', `/v1/deployments/${id}/verdict?wait=60`);
    expect(verdict).toMatchObject({
      verdict: 'promote',
      progress: { done: BAKE_SECONDS + 1, planned: BAKE_SECONDS + 1 },
    });
    const measurements = await measurementsOf(second, id);
    expectGapless(measurements);
    expect(new Set(measurements.map(({ outcome }) => outcome))).toEqual(new Set(['pass']));
    // Every instant was asked for, and no other.
    const asked = new Set(prometheus.asked.map(({ atMs }) => Math.round(atMs ?? 0)));
    expect([...asked].toSorted((a, b) => a - b)).toEqual(measurements.map(({ dueAt }) => Date.parse(dueAt)));
  });
});
