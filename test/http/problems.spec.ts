import { connect } from 'node:net';
import { Body, Controller, Get, Param, Post, Put, Query } from '@nestjs/common';
import { z } from 'zod';
import { Requires } from '../../src/platform/auth/requires.js';
import { type Answer, problem, startApplication, type TestApplication } from '../support/application.js';

const thing = z.strictObject({
  name: z.string().min(1),
  tier: z.enum(['a', 'b']).default('a'),
  'odd/~name': z.array(z.strictObject({ n: z.number() })).default([]),
});

/** Routes of every shape that the platform guards, so that these tests depend on no feature. */
@Controller('v1/things')
class ThingsController {
  @Post()
  @Requires('deployer')
  create(@Body({ schema: thing }) body: unknown): unknown {
    return { body };
  }

  @Get('broken')
  @Requires('viewer')
  break(): never {
    throw new Error('secret of the house');
  }

  @Get(':name')
  @Requires('viewer')
  get(
    @Param('name', { schema: z.string().max(5) }) name: string,
    @Query({ schema: z.strictObject({}) }) query: object,
  ): unknown {
    return { name, query };
  }

  @Put(':name')
  @Requires('operator')
  put(@Param('name', { schema: z.string().max(5) }) name: string): unknown {
    return { name };
  }

  @Get('of/:service')
  @Requires('viewer')
  ofService(@Param('service') service: string): unknown {
    return { service };
  }

  @Get()
  undeclared(): unknown {
    return {};
  }
}

describe('problems', () => {
  let app: TestApplication;

  beforeAll(async () => {
    app = await startApplication({ controllers: [ThingsController] });
  });

  afterAll(() => app.close());

  function post(body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    return app.request('POST', '/v1/things', { body, headers });
  }

  it('answers 404 to a path that no route has, with or without a token', async () => {
    expect(await app.request('GET', '/v1/nothing/here')).toMatchObject(problem(404, 'route-not-found'));
    expect(await app.request('GET', '/nothing', { token: null })).toMatchObject(problem(404, 'route-not-found'));
  });

  it('answers 405 to a method that a path does not have, and says which it has', async () => {
    const answer = await app.request('DELETE', '/v1/things/abc?x=1', { token: null });
    expect(answer).toMatchObject(problem(405, 'method-not-allowed'));
    expect(answer.headers.get('allow')).toBe('GET, HEAD, PUT');
    expect(answer.body.instance).toBe('/v1/things/abc');
  });

  it('answers 401 with a challenge to no token, and to a wrong one with the reason', async () => {
    const none = await app.request('GET', '/v1/things/abc', { token: null });
    expect(none).toMatchObject(problem(401, 'unauthenticated'));
    expect(none.headers.get('www-authenticate')).toBe('Bearer realm="plimsoll"');
    const wrong = await app.request('GET', '/v1/things/abc', { token: 'plm_wrong' });
    expect(wrong).toMatchObject(problem(401, 'unauthenticated'));
    expect(wrong.headers.get('www-authenticate')).toBe('Bearer realm="plimsoll", error="invalid_token"');
  });

  it.each([
    ['malformed JSON', '{', {}],
    ['another media type', 'x', { 'content-type': 'text/plain' }],
    ['a body that is too large', 'x'.repeat(1024 * 1024 + 1), {}],
  ])('answers 401 and 403 before it says anything about %s', async (_what, body, headers) => {
    const sent = { body, headers };
    expect(await app.request('POST', '/v1/things', { ...sent, token: null })).toMatchObject(
      problem(401, 'unauthenticated'),
    );
    expect(await app.request('POST', '/v1/things', { ...sent, token: app.tokens.viewer })).toMatchObject(
      problem(403, 'forbidden'),
    );
  });

  it('keeps a route under /v1 that declares no role for admins', async () => {
    expect(await app.request('GET', '/v1/things', { token: app.tokens.operator })).toMatchObject(
      problem(403, 'forbidden'),
    );
    expect((await app.request('GET', '/v1/things')).status).toBe(200);
  });

  it.each([
    ['that ends too early', '{"name":"a"'],
    ['that is no JSON', 'name=a'],
    ['with a name given twice', '{"name":"a","name":"b"}'],
    ['with a name given twice in two spellings', String.raw`{"name":"a","n\u0061me":"b"}`],
    ['with __proto__', '{"name":"a","__proto__":{"admin":true}}'],
    ['with __proto__ in disguise', String.raw`{"name":"a","\u005f_proto__":{}}`],
    ['that is nested too deeply', '['.repeat(30_000) + ']'.repeat(30_000)],
  ])('answers 400 to JSON %s', async (_how, body) => {
    expect(await post(body)).toMatchObject(problem(400, 'malformed-json'));
  });

  it('takes the same name in different objects, and quotes in strings, for what they are', async () => {
    const answer = await post(String.raw`{"name":"a\"b\\","odd/~name":[{"n":1},{"n":2}]}`);
    expect(answer.body).toEqual({ body: { name: 'a"b\\', tier: 'a', 'odd/~name': [{ n: 1 }, { n: 2 }] } });
  });

  it('answers 400 to bytes that are no UTF-8', async () => {
    const headers = { authorization: `Bearer ${app.tokens.admin}`, 'content-type': 'application/json' };
    const body = Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]);
    const response = await fetch(`${app.url}/v1/things`, { method: 'POST', headers, body });
    expect([response.status, await response.json()]).toEqual([400, expect.objectContaining({ status: 400 })]);
  });

  it('answers 415 to anything but JSON', async () => {
    expect(await post('name=a', { 'content-type': 'application/x-www-form-urlencoded' })).toMatchObject(
      problem(415, 'unsupported-media-type'),
    );
    expect(await post('a', { 'content-type': 'text/plain' })).toMatchObject(problem(415, 'unsupported-media-type'));
  });

  it.each([
    ['that is compressed', { 'content-encoding': 'gzip' }],
    ['that is compressed in another way', { 'content-encoding': 'br' }],
    ['in UTF-16', { 'content-type': 'application/json; charset=utf-16' }],
    ['in Latin-1', { 'content-type': 'application/json;charset="latin1"' }],
  ])('answers 415 to a body %s', async (_how, headers) => {
    expect(await post({ name: 'a' }, headers)).toMatchObject(problem(415, 'unsupported-media-type'));
  });

  it('takes a body that says it is UTF-8 and not compressed', async () => {
    const headers = { 'content-type': 'application/json; charset="UTF-8"', 'content-encoding': 'identity' };
    expect((await post({ name: 'a' }, headers)).status).toBe(201);
  });

  it('answers 413 to a body that is too large', async () => {
    expect(await post({ name: 'x'.repeat(1024 * 1024) })).toMatchObject(problem(413, 'body-too-large'));
  });

  it('answers 422 with a pointer to every place at fault', async () => {
    const answer = await post({ name: '', tier: 'c', 'odd/~name': [{ n: 'x' }], colour: 'red' });
    expect(answer).toMatchObject(problem(422, 'validation-failed'));
    expect(answer.body.errors).toEqual([
      { pointer: '/name', detail: 'must have at least 1 characters' },
      { pointer: '/tier', detail: 'must be one of "a", "b"' },
      { pointer: '/odd~1~0name/0/n', detail: 'must be of type number' },
      { pointer: '/colour', detail: 'is not known here: leave it out' },
    ]);
  });

  it('answers 422 to a body that is missing', async () => {
    const answer = await post(undefined);
    expect(answer).toMatchObject(problem(422, 'validation-failed'));
    expect(answer.body.errors).toEqual([{ pointer: '', detail: 'is required, of type object' }]);
  });

  it.each([
    ['U+0000', String.raw`{"name":"a\u0000b"}`],
    ['half a surrogate pair', String.raw`{"name":"\ud83d"}`],
  ])('answers 422 to text with %s, which PostgreSQL cannot store', async (_what, body) => {
    const answer = await post(body);
    expect(answer).toMatchObject(problem(422, 'validation-failed'));
    expect(answer.body.errors[0].pointer).toBe('/name');
  });

  it.each([
    ['', 'far-too-long'],
    [', however long,', 'x'.repeat(5000)],
  ])('answers 404 to a parameter%s that no resource can have, but 422 where it was to make one', async (_how, name) => {
    const read = await app.request('GET', `/v1/things/${name}`);
    expect(read).toMatchObject(problem(404, 'not-found'));
    expect(read.body.detail).toBe('Nothing can be found there: the name of the path must have at most 5 characters.');
    const written = await app.request('PUT', `/v1/things/${name}`);
    expect(written).toMatchObject(problem(422, 'validation-failed'));
    expect(written.body.detail).toBe('the name of the path must have at most 5 characters.');
  });

  it('answers 422 to a query that is not known', async () => {
    const answer = await app.request('GET', '/v1/things/abc?sort=up');
    expect(answer).toMatchObject(problem(422, 'validation-failed'));
    expect(answer.body.errors).toEqual([{ pointer: '/sort', detail: 'is not known here: leave it out' }]);
  });

  it('tells nothing of a defect but the id that it was logged with', async () => {
    const answer = await app.request('GET', '/v1/things/broken');
    expect(answer).toMatchObject(problem(500, 'internal-error'));
    expect(answer.text).not.toContain('secret');
  });

  it('answers 400 to a path that cannot be decoded', async () => {
    expect(await app.request('GET', '/v1/things/%zz')).toMatchObject(problem(400, 'malformed-request'));
  });

  it('answers 405 to other methods of the probes than they have', async () => {
    for (const path of ['/livez', '/readyz']) {
      const answer = await app.request('POST', path, { token: null });
      expect(answer).toMatchObject(problem(405, 'method-not-allowed'));
      expect(answer.headers.get('allow')).toBe('GET, HEAD');
    }
  });

  it('gives the request id back, and makes one of its own for one that could break a log line', async () => {
    const kept = await app.request('GET', '/nothing', { headers: { 'x-request-id': 'run-77' } });
    expect([kept.body.requestId, kept.headers.get('x-request-id')]).toEqual(['run-77', 'run-77']);
    const replaced = await app.request('GET', '/nothing', { headers: { 'x-request-id': 'a "b"' } });
    expect(replaced.body.requestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  /** Byte by byte as no client would send it: the whole answer. */
  function send(request: string): Promise<string> {
    const { promise, resolve } = Promise.withResolvers<string>();
    let text = '';
    const socket = connect(Number(new URL(app.url).port), '127.0.0.1', () => socket.write(`${request}\r\n\r\n`));
    socket.on('data', (chunk) => (text += String(chunk))).on('close', () => resolve(text));
    return promise;
  }

  it.each([
    ['what is no HTTP', 'no such thing', '400 Bad Request', 'malformed-request'],
    ['a header that is too large', `GET / HTTP/1.1\r\nx: ${'x'.repeat(20_000)}`, '431 Request', 'headers-too-large'],
    ['a request without Host', 'GET /v1/things HTTP/1.1\r\nconnection: close', '400 Bad', 'malformed-request'],
    [
      'an unknown expectation',
      'GET / HTTP/1.1\r\nhost: a\r\nexpect: 999\r\nconnection: close',
      '417 Expectation Failed',
      'expectation-failed',
    ],
    ['a tunnel', 'CONNECT a:1 HTTP/1.1\r\nhost: a:1', '405 Method Not Allowed', 'method-not-allowed'],
    [
      'a way out of the folder of /docs',
      'GET /docs/../../etc/passwd HTTP/1.1\r\nhost: a\r\nconnection: close',
      '404 Not Found',
      'route-not-found',
    ],
  ])('answers a problem with its id even to %s', async (_what, request, status, code) => {
    const answer = await send(request);
    const [, requestId] = /^x-request-id: (.+?)\r$/m.exec(answer) ?? [];
    expect(answer).toMatch(`HTTP/1.1 ${status}`);
    expect(answer).toContain('content-type: application/problem+json');
    const body = JSON.parse(answer.slice(answer.indexOf('{')));
    expect(body).toMatchObject({ type: `urn:plimsoll:problem:${code}`, requestId });
  });

  it('takes what HTTP/1.0 sends without a Host', async () => {
    expect(await send('GET /livez HTTP/1.0')).toContain('200 OK');
  });
});
