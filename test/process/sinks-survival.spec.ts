import { jest } from '@jest/globals';
import { Client } from 'pg';
import { aReceiver, type Receiver } from '../support/a-receiver.js';
import { ADMIN_TOKEN, ask, GOOD } from '../support/baking-deployment.js';
import { eventually } from '../support/eventually.js';
import { type Program, startProgram } from '../support/program.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

// Of the one that was killed the lease has to run out first, which takes 30 s.
jest.setTimeout(300_000);
const WITHIN_MS = 120_000;

const DEPLOYMENTS = 6;
const KILLED_AT = 4;

let database: TestDatabase;
let client: Client;
let receiver: Receiver;
const programs: Program[] = [];

beforeEach(async () => {
  database = await createTestDatabase();
  client = new Client({ connectionString: database.url });
  await client.connect();
  receiver = await aReceiver();
});

afterEach(async () => {
  await Promise.all(programs.splice(0).map((program) => program.kill()));
  receiver.close();
  await client.end();
  await database.drop();
});

async function aProgram(): Promise<Program> {
  const program = await startProgram({
    DATABASE_URL: database.url,
    BOOTSTRAP_ADMIN_TOKEN: ADMIN_TOKEN,
    PROBE_ALLOW: '127.0.0.1',
    SINKS: JSON.stringify([
      { name: 'tools', kind: 'cdevents', url: receiver.url, secret: 'a-secret-of-many-characters' },
    ]),
  });
  programs.push(program);
  await eventually(() => program.untilReady(), WITHIN_MS);
  return program;
}

async function ship(program: Program): Promise<void> {
  const wish = { service: 'checkout', environment: 'qa', digest: GOOD };
  const { id, fence } = await ask(program, 'POST', '/v1/deployments', wish);
  await ask(program, 'POST', `/v1/deployments/${id}/deployed`, { fence });
}

async function aSlotThatPromotesAtOnce(program: Program): Promise<void> {
  await ask(program, 'PUT', '/v1/environments/qa', { tier: 'development' });
  await ask(program, 'PUT', '/v1/services/checkout', {});
  await ask(program, 'PUT', '/v1/services/checkout/environments/qa/gate', { ungated: 'a test' });
  await ask(program, 'PUT', `/v1/services/checkout/releases/${GOOD}`, { version: '1.0.0', gitSha: 'a'.repeat(40) });
}

const column = async (sql: string): Promise<unknown[]> =>
  (await client.query({ text: sql, rowMode: 'array' })).rows.flat();

/** The positions of what was received, in that order. */
const received = () => receiver.requests.map(({ body }) => Number(JSON.parse(body).data.customData.plimsoll.position));

describe('a sink whose instance is killed while it sends', () => {
  it('is told everything by another one, in the order of the slot', async () => {
    const first = await aProgram();
    await eventually(async () => expect(await column('select leased_by from sinks')).toEqual([expect.any(String)]));
    const second = await aProgram();
    receiver.answer = () => {
      if (receiver.requests.length === KILLED_AT) first.signal('SIGKILL');
      return 204;
    };
    await aSlotThatPromotesAtOnce(second);
    for (let n = 0; n < DEPLOYMENTS; n += 1) await ship(second);
    expect(await first.exit()).toBe('SIGKILL');
    const told = `select position::int from events where type in ('deployment.deployed', 'deployment.verdict-promote')
      order by position`;
    const expected = await column(told);
    expect(expected).toHaveLength(2 * DEPLOYMENTS);
    await eventually(() => expect(new Set(received())).toEqual(new Set(expected)), WITHIN_MS);
    // What was on its way came twice at most, and nothing later came before it.
    expect(received()).toEqual(received().toSorted((a, b) => a - b));
    await eventually(async () => expect(await column('select position from event_deliveries')).toEqual([]), WITHIN_MS);
  });
});
