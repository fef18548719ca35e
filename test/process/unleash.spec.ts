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

/** Answers every question for the flags as it is told. */
async function anUnleashThat() {
  let respond: (response: ServerResponse) => void = refuse;
  server = createServer((request, response) => {
    if (request.method === 'GET') respond(response);
    else response.writeHead(202).end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`;
  return { url, respondWith: (answer: typeof respond) => (respond = answer) };
}

function refuse(response: ServerResponse): void {
  response.writeHead(503).end();
}

function json(response: ServerResponse, body: string): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(body);
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

  it('is degraded by whatever Unleash answers that makes no sense, never unready, and hears the first that does', async () => {
    const answers: Array<(response: ServerResponse) => void> = [
      (response) => json(response, '{"version":2,"feat'),
      (response) => json(response, 'null'),
      (response) => json(response, '{"version":2,"features":[null,{"name":"deploy-freeze","strategies":"none"}]}'),
      (response) => json(response, `{"version":2,"features":[{"name":"${'x'.repeat(10_000_000)}"`),
      (response) => response.writeHead(302, { location: '/api/client/features' }).end(),
      (response) => response.writeHead(304).end(),
      (response) => response.writeHead(500).end(),
      (response) => response.writeHead(401).end(),
      (response) => response.destroy(),
    ];
    const { url, respondWith } = await anUnleashThat();
    respondWith((response) => (answers.shift() ?? refuse)(response));
    await start(url);
    await eventually(() => expect(answers).toEqual([]), 40_000);
    await eventually(async () => {
      const readiness = await fetch(`${program.opsUrl}/readyz`);
      expect([readiness.status, await readiness.json()]).toEqual([200, { status: 'degraded', reasons: ['unleash'] }]);
    });
    respondWith((response) => json(response, '{"version":2,"features":[]}'));
    await eventually(() => expect(said('flags are fetched again')).toBe(1), 20_000);
    expect(program.log.filter(({ level }) => level === 'error' || level === 'fatal')).toEqual([]);
    await endsInOrder();
  }, 90_000);

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
