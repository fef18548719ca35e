import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { MainPort } from '../../src/operations/main-port/main-port.js';
import { type Answer, problem, startApplication, type TestApplication } from '../support/application.js';
import { eventually } from '../support/eventually.js';
import { aRelease, aService, aSlot, digestOf } from '../support/fixtures.js';

const KIB = 1024;
const MOST_CONNECTIONS = 20;

describe('what a request may take of the instance', () => {
  let app: TestApplication;
  const sockets: Socket[] = [];

  beforeAll(async () => {
    app = await startApplication({ settings: { maxConnections: MOST_CONNECTIONS } });
  });

  afterAll(() => app.close());

  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.destroy();
  });

  /** Sends this much of a request, and whatever comes back is collected. */
  async function send(text: string): Promise<{ socket: Socket; received: () => string }> {
    const socket = connect(Number(new URL(app.url).port), '127.0.0.1').setEncoding('utf8');
    let received = '';
    socket.on('data', (chunk: string) => (received += chunk)).on('error', () => undefined);
    sockets.push(socket);
    await once(socket, 'connect');
    socket.write(text);
    return { socket, received: () => received };
  }

  /** The head of a POST by an admin, as far as the blank line. */
  function headOf(path: string, ...lines: string[]): string {
    const common = ['host: a', `authorization: Bearer ${app.tokens.admin}`, 'content-type: application/json'];
    return [`POST ${path} HTTP/1.1`, ...common, ...lines, '', ''].join('\r\n');
  }

  const budget = () => app.nest.get(MainPort).bytesInFlight;

  it.each([
    ['two Host headers', 'GET /v1/services HTTP/1.1\r\nhost: a\r\nHOST: b', 'HTTP/1.1 400', 'malformed-request'],
    ['a GET with a body', 'GET /livez HTTP/1.1\r\nhost: a\r\ncontent-length: 9', 'HTTP/1.1 400', 'malformed-request'],
    ['a chunked GET', 'GET / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked', 'HTTP/1.1 400', 'malformed-request'],
    ['9 KiB of header', `GET / HTTP/1.1\r\nhost: a\r\nx: ${'x'.repeat(9 * KIB)}`, 'HTTP/1.1 431', 'headers-too-large'],
    ['a body to no route', 'POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 9', 'HTTP/1.1 404', 'route-not-found'],
    ['a body without a token', 'POST /v1/tokens HTTP/1.1\r\nhost: a\r\ncontent-length: 9', '401', 'unauthenticated'],
  ])('answers %s with a problem, and does not wait for the rest', async (_what, request, status, code) => {
    const { received } = await send(`${request}\r\n\r\n`);
    await eventually(async () => expect(received()).toContain(`urn:plimsoll:problem:${code}`));
    expect(received()).toContain(status);
  });

  it('takes 1 MiB where a route has use for it, and 64 KiB elsewhere', async () => {
    const release = await aRelease(app);
    const commits = Array.from({ length: 100 }, () => ({
      sha: release.gitSha,
      committedAt: release.builtAt,
      message: 'm'.repeat(10_000),
    }));
    const body = { version: '1', gitSha: release.gitSha, commits };
    const path = `/v1/services/${release.service}/releases/${digestOf('large')}`;
    expect((await app.request('PUT', path, { body })).status).toBe(201);
    expect(await app.request('PUT', path, { body: { ...body, more: commits } })).toMatchObject(
      problem(413, 'body-too-large', { detail: 'A body has at most 1024 KiB here.' }),
    );
    const { slug } = await aService(app);
    for (const size of [60 * KIB, 65 * KIB]) {
      const answer = await app.request('PUT', `/v1/services/${slug}`, { body: { description: 'd'.repeat(size) } });
      expect(answer.status).toBe(size > 64 * KIB ? 413 : 422);
    }
  });

  describe('when bodies and answers under way take all there is for them', () => {
    let taken = 0;
    beforeEach(() => {
      taken = budget().most - budget().held;
      budget().take(taken);
    });
    afterEach(() => budget().giveBack(taken));

    const unavailable = problem(503, 'overloaded');

    it('answers 503 with Retry-After to a request with a body', async () => {
      const answer = await app.request('PUT', '/v1/environments/e', { body: { tier: 'staging' } });
      expect(answer).toMatchObject(unavailable);
      expect(answer.headers.get('retry-after')).toBe('1');
    });

    it('answers 503 in the place of a large answer, and small ones as ever', async () => {
      budget().giveBack(taken);
      const { service, digest } = await aLargeRelease();
      budget().take(taken);
      const path = `/v1/services/${service}/releases/${digest}`;
      expect(await app.request('GET', path)).toMatchObject(unavailable);
      expect((await app.request('GET', `/v1/services/${service}`)).status).toBe(200);
    });

    it('goes on answering probes', async () => {
      for (const path of ['/livez', '/readyz']) {
        // A machine in a hurry may miss two samples of its database, and is ready again after two more.
        await eventually(async () => expect((await app.request('GET', path, { token: null })).status).toBe(200));
      }
    });
  });

  async function aLargeRelease(): Promise<{ service: string; digest: string }> {
    const message = 'm'.repeat(10_000);
    const commit = { sha: 'a'.repeat(40), committedAt: '2026-01-05T09:00:00.000Z', message };
    return aRelease(app, { commits: Array.from({ length: 10 }, () => commit) });
  }

  it('holds what has arrived of a body, and gives it back when its sender goes away', async () => {
    const held = budget().held;
    const { socket } = await send(headOf('/v1/tokens', 'content-length: 60000'));
    await turn();
    expect(budget().held).toBe(held);
    socket.write('x'.repeat(20_000));
    await eventually(async () => expect(budget().held).toBeGreaterThanOrEqual(held + 20_000));
    socket.destroy();
    await eventually(async () => expect(budget().held).toBe(held));
  });

  it('gives everything back once it has answered', async () => {
    const held = budget().held;
    await aSlot(app);
    await aLargeRelease();
    await eventually(async () => expect(budget().held).toBe(held));
  });

  it('answers probes and requests however many connections do nothing', async () => {
    const flood = await Promise.all(Array.from({ length: 5 * MOST_CONNECTIONS }, () => send('GET / HTTP/1.1\r\nx: ')));
    const probe: Answer = await app.request('GET', '/livez', { token: null });
    expect([probe.status, (await app.request('GET', '/v1/services')).status]).toEqual([200, 200]);
    await eventually(async () => {
      expect(flood.filter(({ socket }) => !socket.closed).length).toBeLessThanOrEqual(MOST_CONNECTIONS);
    });
  });

  it('answers them as well however many bodies never end', async () => {
    const unfinished = headOf('/v1/tokens', 'content-length: 100') + '{';
    await Promise.all(Array.from({ length: 5 * MOST_CONNECTIONS }, () => send(unfinished)));
    expect((await app.request('GET', '/livez', { token: null })).status).toBe(200);
    expect((await app.request('GET', '/v1/services')).status).toBe(200);
  });
});
