import { once } from 'node:events';
import { Agent, type ClientRequest, type IncomingMessage, request } from 'node:http';
import { type Program, startProgram } from '../support/program.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const token = `plm_${'shutdown'.repeat(6)}`;
const body = JSON.stringify({ tier: 'development' });

async function answerTo(inFlight: ClientRequest): Promise<IncomingMessage> {
  const [response] = (await once(inFlight, 'response')) as [IncomingMessage];
  response.resume();
  return response;
}

/** One request after the other on one connection, until an answer says that it closes. */
async function requestsUntilSentAway(url: string): Promise<Array<number | undefined>> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const statuses: Array<number | undefined> = [];
  for (;;) {
    const call = request(url, { agent, headers: { authorization: `Bearer ${token}` } });
    call.end();
    const response = await answerTo(call);
    await once(response, 'end');
    statuses.push(response.statusCode);
    if (response.headers.connection === 'close') return statuses;
  }
}

describe('the shutdown of the built program', () => {
  let database: TestDatabase;
  let program: Program;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterEach(() => program.kill());
  afterAll(() => database.drop());

  async function aReadyProgram(settings: Record<string, string> = {}): Promise<Program> {
    program = await startProgram(
      { DATABASE_URL: database.url, BOOTSTRAP_ADMIN_TOKEN: token, ...settings },
      { canBeEntered: true },
    );
    await program.untilReady();
    return program;
  }

  /** A request of which the program has the head, and waits for the body. */
  async function aRequestInFlight(): Promise<ClientRequest> {
    const inFlight = request(`${program.url}/v1/environments/staging`, {
      method: 'PUT',
      agent: new Agent({ keepAlive: true }),
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'content-length': String(body.length),
        expect: '100-continue',
      },
    });
    inFlight.flushHeaders();
    await once(inFlight, 'continue');
    return inFlight;
  }

  test('answers what is in flight, tells its client to close, and ends with 0', async () => {
    await aReadyProgram();
    const inFlight = await aRequestInFlight();
    program.signal('SIGTERM');
    await program.untilOps('/readyz', 503);
    inFlight.end(body);
    const response = await answerTo(inFlight);

    expect(response.statusCode).toBe(201);
    expect(response.headers.connection).toBe('close');
    expect(await program.exit()).toBe(0);
  });

  test('begins with a lame duck: unready but alive, it serves as usual and sends every client away', async () => {
    await aReadyProgram({ SHUTDOWN_DELAY_MS: '60000', SHUTDOWN_DEADLINE_MS: '70000' });
    program.signal('SIGTERM');
    const unready = await program.untilOps('/readyz', 503);

    expect(await unready.json()).toEqual({ status: 'unready', reasons: ['draining'] });
    expect((await fetch(`${program.opsUrl}/livez`)).status).toBe(200);
    expect((await fetch(`${program.url}/livez`)).status).toBe(200);
    for (const path of ['/v1/environments', '/readyz', '/nowhere']) {
      const response = await fetch(program.url + path, { headers: { authorization: `Bearer ${token}` } });
      expect([path, response.headers.get('connection')]).toEqual([path, 'close']);
    }
    expect(await (await fetch(`${program.opsUrl}/metrics`)).text()).toContain('app_phase{phase="draining"} 1');
  });

  test('loses no request of clients that keep their connections busy', async () => {
    await aReadyProgram({ SHUTDOWN_DELAY_MS: '500' });
    const clients = Array.from({ length: 8 }, () => requestsUntilSentAway(`${program.url}/v1/environments`));
    program.signal('SIGTERM');

    for (const statuses of await Promise.all(clients)) expect(new Set(statuses)).toEqual(new Set([200]));
    expect(await program.exit()).toBe(0);
  });

  test('ends at once with 130 on a second signal', async () => {
    await aReadyProgram({ SHUTDOWN_DELAY_MS: '60000', SHUTDOWN_DEADLINE_MS: '70000' });
    program.signal('SIGTERM');
    await program.untilOps('/readyz', 503);
    program.signal('SIGINT');

    expect(await program.exit()).toBe(130);
  });

  test('is not held up by a client that never finishes: it is cut off 5 s before the deadline', async () => {
    await aReadyProgram({ SHUTDOWN_DEADLINE_MS: '6000' });
    const inFlight = await aRequestInFlight();
    const cutOff = once(inFlight, 'error');
    program.signal('SIGTERM');

    expect(await program.exit()).toBe(0);
    expect(await cutOff).toMatchObject([{ code: 'ECONNRESET' }]);
  });

  test('follows an error that nobody caught, with 70', async () => {
    await aReadyProgram();
    const inFlight = await aRequestInFlight();
    await program.enter('throw new Error("nobody catches this")');
    await program.untilOps('/readyz', 503);
    inFlight.end(body);

    expect((await answerTo(inFlight)).headers.connection).toBe('close');
    expect(await program.exit()).toBe(70);
    expect(program.log).toContainEqual(
      expect.objectContaining({ level: 'fatal', err: expect.objectContaining({ message: 'nobody catches this' }) }),
    );
  });

  test('follows a promise that nobody caught, with 70', async () => {
    await aReadyProgram();
    await program.enter('Promise.reject(new Error("nobody catches this"))');

    expect(await program.exit()).toBe(70);
  });

  test('of an idle program closes everything in time', async () => {
    await aReadyProgram();
    program.signal('SIGINT');

    expect(await program.exit()).toBe(0);
    expect(program.log.filter(({ context }) => context === 'LifecycleModule')).toEqual([]);
  });
});
