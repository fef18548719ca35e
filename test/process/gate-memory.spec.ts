import { jest } from '@jest/globals';
import { type FakeHost, aHost } from '../support/a-host.js';
import { ADMIN_TOKEN, ask } from '../support/baking-deployment.js';
import { aLongGate, measureAll } from '../support/much-measured.js';
import { type Program, startProgram } from '../support/program.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

// Two hundred thousand measurements are stored first.
jest.setTimeout(180_000);

/** The most that a gate may plan is 200,000 measurements; this is one each second on three hosts. */
const BAKE_SECONDS = 66_000;

let database: TestDatabase;
let host: FakeHost;
let program: Program;

beforeEach(async () => {
  database = await createTestDatabase();
  host = await aHost({ '/readyz': {} });
});
afterEach(async () => {
  await program.kill();
  await host.close();
  await database.drop();
});

async function start(settings: Record<string, string> = {}): Promise<void> {
  program = await startProgram({ DATABASE_URL: database.url, BOOTSTRAP_ADMIN_TOKEN: ADMIN_TOKEN, ...settings });
  await program.untilReady();
}

describe('an instance with 128 MB of heap', () => {
  it('takes over a gate that has measured all that a gate may plan', async () => {
    await start();
    const id = await aLongGate(program, { service: 'checkout', hostUrl: host.url, bakeSeconds: BAKE_SECONDS });
    await program.kill();
    await measureAll(database, id, BAKE_SECONDS);
    await start({ NODE_OPTIONS: '--max-old-space-size=128' });
    const { verdict, reasons } = await ask(program, 'GET', `/v1/deployments/${id}/verdict?wait=60`);
    expect([verdict, reasons.length]).toEqual(['hold', 3]);
    const counts = `${BAKE_SECONDS + 1} measurements in a row ended in an error`;
    expect(reasons[0]).toMatchObject({ code: 'check-error', detail: expect.stringContaining(counts) });
  });
});
