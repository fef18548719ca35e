import { jest } from '@jest/globals';
import { type FakeHost, aHost } from '../support/a-host.js';
import {
  aBakingDeployment,
  ADMIN_TOKEN,
  ask,
  expectGapless,
  GOOD,
  measurementsOf,
} from '../support/baking-deployment.js';
import { type Program, startProgram } from '../support/program.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const BAKE_SECONDS = 5;
// Longer than a slow machine takes for a restart and a takeover: what nobody watched to the end cannot be rejected.
const LONG_BAKE_SECONDS = 30;

// The lease of who was killed has to run out before somebody else may go on.
jest.setTimeout(120_000);

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
  const program = await startProgram({ DATABASE_URL: database.url, BOOTSTRAP_ADMIN_TOKEN: ADMIN_TOKEN });
  programs.push(program);
  await program.untilReady();
  return program;
}

describe('a gate whose server is killed in the middle of the bake', () => {
  it('goes on after the restart and comes to the right verdict, not before its time', async () => {
    const first = await aProgram();
    const id = await aBakingDeployment(first, host, BAKE_SECONDS);
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
    const id = await aBakingDeployment(first, host, LONG_BAKE_SECONDS);
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
    const id = await aBakingDeployment(first, host, BAKE_SECONDS);
    await first.kill();
    const verdict = await ask(second, 'GET', `/v1/deployments/${id}/verdict?wait=60`);
    expect(verdict).toMatchObject({ verdict: 'promote', reasons: [{ code: 'all-checks-passed' }] });
    expectGapless(await measurementsOf(second, id));
  });

  it('is handed over at once when the one that watches it stops', async () => {
    const [first, second] = [await aProgram(), await aProgram()];
    const id = await aBakingDeployment(first, host, BAKE_SECONDS);
    first.signal('SIGTERM');
    expect(await first.exit()).toBe(0);
    const verdict = await ask(second, 'GET', `/v1/deployments/${id}/verdict?wait=60`);
    expect(verdict.verdict).toBe('promote');
    expectGapless(await measurementsOf(second, id));
  });

  it('tells its verdict to who waits at the other one', async () => {
    const [first, second] = [await aProgram(), await aProgram()];
    const id = await aBakingDeployment(first, host, BAKE_SECONDS);
    const verdicts = await Promise.all(
      [first, second].map((program) => ask(program, 'GET', `/v1/deployments/${id}/verdict?wait=60`)),
    );
    expect(verdicts.map(({ verdict }) => verdict)).toEqual(['promote', 'promote']);
  });
});
