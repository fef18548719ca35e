import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { retryingFetch, UnreachableError } from './retrying-fetch.js';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const saying =
  (status: number, headers: Record<string, string> = {}, body = '{}'): Answer =>
  (_request, response) =>
    response.writeHead(status, headers).end(body);
const hangingUp: Answer = (request) => request.socket.destroy();
const soon = { 'retry-after': '0' };

describe('a call of the client', () => {
  const answers: Answer[] = [];
  let asked = 0;
  const server = createServer((request, response) => {
    asked += 1;
    // The last one answers all that come after it.
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    answer?.(request, response);
  });
  let url = '';

  const call = (path: string, init: RequestInit = {}, options: Parameters<typeof retryingFetch>[0] = {}) =>
    retryingFetch({ retryForMs: 20_000, ...options })(new Request(url + path, init));
  const post = (path: string, headers: Record<string, string> = {}) =>
    call(path, { method: 'POST', headers, body: '{"fence":7}' });

  beforeAll(async () => {
    await once(server.listen(0, '127.0.0.1'), 'listening');
    url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  });

  beforeEach(() => {
    answers.length = 0;
    asked = 0;
  });

  afterAll(() => server.close());

  it.each([
    ['an answer of 503', saying(503, soon)],
    ['an answer of 429', saying(429, soon)],
    ['a connection that was cut', hangingUp],
  ])('tries a GET again after %s', async (_what, trouble) => {
    answers.push(trouble, saying(200));
    expect((await call('/v1/deployments')).status).toBe(200);
    expect(asked).toBe(2);
  });

  it.each([
    ['with an Idempotency-Key', '/v1/deployments', { 'idempotency-key': 'a' }],
    ['that reports what was done', '/v1/deployments/1/deployed', {}],
  ])('tries a POST again %s, with its body', async (_what, path, headers) => {
    const bodies: string[] = [];
    const reading: Answer = async (request, response) => {
      bodies.push((await request.toArray()).join(''));
      saying(bodies.length < 3 ? 503 : 201, soon)(request, response);
    };
    answers.push(reading);
    expect((await post(path, headers)).status).toBe(201);
    expect(bodies).toEqual(Array.from({ length: 3 }, () => '{"fence":7}'));
  });

  it('tries a POST that could do a thing twice again only where it surely did nothing', async () => {
    answers.push(saying(429, soon), saying(503, soon));
    expect((await post('/v1/freezes')).status).toBe(503);
    expect(asked).toBe(2);
  });

  it('waits for the first request with its key', async () => {
    answers.push(saying(409, soon, '{"type":"urn:plimsoll:problem:idempotency-in-flight"}'), saying(201));
    expect((await post('/v1/deployments', { 'idempotency-key': 'a' })).status).toBe(201);
  });

  it.each([400, 401, 403, 404, 409, 422, 500])('takes %i for an answer', async (status) => {
    answers.push(saying(status));
    expect((await call('/v1/deployments')).status).toBe(status);
    expect(asked).toBe(1);
  });

  it('gives up at once where it is to come again later than it would try', async () => {
    answers.push(saying(503, { 'retry-after': '3600' }));
    expect((await call('/v1/deployments')).status).toBe(503);
    expect(asked).toBe(1);
  });

  it('says that nobody answers, and who', async () => {
    answers.push(() => undefined);
    const silent = call('/v1/deployments', {}, { retryForMs: 0, timeoutMs: 50 });
    await expect(silent).rejects.toThrow(`${url} did not answer within 0.05 s`);
    answers.splice(0, 1, hangingUp);
    await expect(call('/v1/deployments', {}, { retryForMs: 0 })).rejects.toThrow(UnreachableError);
  });

  it('ends when its caller does not want it any more', async () => {
    answers.push(() => undefined);
    const gone = new AbortController();
    const unanswered = call('/v1/deployments', { signal: gone.signal });
    gone.abort();
    await expect(unanswered).rejects.toThrow('aborted');
  });
});
