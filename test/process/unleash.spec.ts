import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FakeUnleash } from '../support/an-unleash.js';
import { eventually } from '../support/eventually.js';
import { type Program, startProgram } from '../support/program.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

let database: TestDatabase;
let program: Program;
let server: Server | undefined;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterEach(async () => {
  await program.kill();
  server?.closeAllConnections();
  server?.close();
});
afterAll(() => database.drop());

async function start(unleashUrl: string, unleashToken = 'a-token-of-unleash'): Promise<void> {
  program = await startProgram({
    DATABASE_URL: database.url,
    UNLEASH_URL: unleashUrl,
    UNLEASH_TOKEN: unleashToken,
    UNLEASH_REFRESH_MS: '1000',
  });
  await program.untilReady();
}

/** Keeps every question for the flags waiting. */
async function aSilentUnleash(): Promise<{ url: string; waiting: ServerResponse[] }> {
  const waiting: ServerResponse[] = [];
  server = createServer((request, response) => {
    if (request.method === 'GET') waiting.push(response);
    else response.writeHead(202).end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`, waiting };
}

const said = (msg: string) => program.log.filter((line) => line['msg'] === msg).length;

async function endsInOrder(): Promise<void> {
  program.signal('SIGTERM');
  expect(await program.exit()).toBe(0);
}

describe('the program', () => {
  it('ends in order while Unleash owes it an answer', async () => {
    const { url, waiting } = await aSilentUnleash();
    await start(url);
    await eventually(() => expect(waiting).toHaveLength(1));
    await endsInOrder();
  });

  it('survives nonsense for a client that was replaced in the meantime', async () => {
    const { url, waiting } = await aSilentUnleash();
    await start(url);
    await eventually(() => expect(waiting.length).toBeGreaterThan(1));
    waiting[0]!.writeHead(200, { 'content-type': 'application/json' }).end('nonsense');
    const soFar = waiting.length;
    await eventually(() => expect(waiting.length).toBeGreaterThan(soFar));
    await endsInOrder();
  });

  it('survives that Unleash comes and goes, and says so once', async () => {
    const unleash = await FakeUnleash.start();
    await start(unleash.url, unleash.token);
    await eventually(() => expect(unleash.answers).toContain(200));
    await unleash.goAway();
    await eventually(() => expect(said('flags cannot be fetched; the last ones known count')).toBe(1));
    await unleash.comeBack();
    await eventually(() => expect(said('flags are fetched again')).toBe(1));
    expect(said('flags cannot be fetched; the last ones known count')).toBe(1);
    await endsInOrder();
    await unleash.goAway();
  });
});
