import { jest } from '@jest/globals';
import { Client } from 'pg';
import { type FakeHost, aHost } from '../support/a-host.js';
import {
  aBakingDeployment,
  ADMIN_TOKEN,
  ask,
  expectGapless,
  GOOD,
  measurementsOf,
} from '../support/baking-deployment.js';
import { eventually } from '../support/eventually.js';
import { OwnPgBouncer } from '../support/own-pgbouncer.js';
import { type Program, startProgram } from '../support/program.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

/** To the database, for all clients of both instances. */
const CONNECTIONS = 4;
const BAKE_SECONDS = 5;

jest.setTimeout(180_000);

let database: TestDatabase;
database = await createTestDatabase();
const bouncer = await OwnPgBouncer.start(database.url, CONNECTIONS);
const withPgBouncer = bouncer ? describe : describe.skip;

afterAll(async () => {
  await bouncer?.remove();
  await database.drop();
});

async function aProgram(): Promise<Program> {
  const program = await startProgram({
    DATABASE_URL: database.url,
    DATABASE_POOLER: bouncer!.address,
    BOOTSTRAP_ADMIN_TOKEN: ADMIN_TOKEN,
  });
  await program.untilReady();
  return program;
}

withPgBouncer('two instances behind a PgBouncer in transaction mode', () => {
  let host: FakeHost;
  let programs: Program[] = [];

  beforeAll(async () => {
    host = await aHost({ '/info': { body: { imageDigest: GOOD } }, '/readyz': { status: 200 } });
    programs = await Promise.all([aProgram(), aProgram()]);
  });
  afterAll(async () => {
    await Promise.all(programs.map((program) => program.kill()));
    await host.close();
  });

  it('watch a gate, and the verdict reaches who waits at either of them', async () => {
    const id = await aBakingDeployment(programs[0]!, host, BAKE_SECONDS);
    const verdicts = await Promise.all(
      programs.map((program) => ask(program, 'GET', `/v1/deployments/${id}/verdict?wait=60`)),
    );
    expect(verdicts.map(({ verdict }) => verdict)).toEqual(['promote', 'promote']);
    expectGapless(await measurementsOf(programs[1]!, id));
  });

  it('answer more requests at once than there are connections to the database, and listen past the pooler', async () => {
    const paths = ['/v1/deployments', '/v1/services/checkout/environments/qa', '/v1/tokens/current'];
    const asked = Array.from({ length: 60 }, (_, n) => ask(programs[n % 2]!, 'GET', paths[n % 3] ?? ''));
    await expect(Promise.all(asked)).resolves.toHaveLength(60);
    const connections = await connectionsByName();
    expect(connections['plimsoll']).toBeLessThanOrEqual(CONNECTIONS);
    expect(connections['plimsoll notifications']).toBe(programs.length);
  });

  it('go on with a gate while the pooler is killed in its middle', async () => {
    const id = await aBakingDeployment(programs[0]!, host, 20);
    await bouncer!.goAway();
    await Promise.all(programs.map((program) => program.untilOps('/readyz', 503)));
    await bouncer!.comeBack();
    await Promise.all(programs.map((program) => program.untilReady()));
    const verdict = await eventually(() => ask(programs[1]!, 'GET', `/v1/deployments/${id}/verdict?wait=60`), 90_000);
    expect(verdict).toMatchObject({ verdict: 'promote', state: 'promoted' });
    expectGapless(await measurementsOf(programs[1]!, id));
  });
});

async function connectionsByName(): Promise<Record<string, number>> {
  const client = new Client(database.url);
  await client.connect();
  const text = `SELECT application_name AS name, count(*)::int AS count FROM pg_stat_activity
    WHERE datname = current_database() GROUP BY 1`;
  const { rows } = await client.query<{ name: string; count: number }>(text);
  await client.end();
  return Object.fromEntries(rows.map(({ name, count }) => [name, count]));
}
