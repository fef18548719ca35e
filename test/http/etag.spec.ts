import { Body, Controller, Get, Headers, Put } from '@nestjs/common';
import { Requires } from '../../src/platform/auth/requires.js';
import { assertIfMatch, WithEtag } from '../../src/platform/http/etag.js';
import { type Answer, problem, startApplication, type TestApplication } from '../support/application.js';
import { aSlot } from '../support/fixtures.js';

const NOW = '2026-03-01T12:00:00.000Z';

let sign: { text: string } | null = null;

@Controller('v1/sign')
class SignController {
  @Get()
  @Requires('viewer')
  @WithEtag()
  get(): unknown {
    return sign;
  }

  @Put()
  @Requires('viewer')
  put(@Headers('if-match') ifMatch: string | undefined, @Body() body: { text: string }): unknown {
    assertIfMatch(ifMatch, sign);
    sign = body;
    return sign;
  }
}

describe('ETags', () => {
  let app: TestApplication;

  beforeAll(async () => {
    app = await startApplication({ controllers: [SignController], settings: { probeAllow: ['127.0.0.0/8'] } });
  });

  afterAll(() => app.close());

  beforeEach(() => {
    sign = { text: 'open' };
  });

  function get(headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
    return app.request(method, '/v1/sign', { headers });
  }

  function put(text: string, headers: Record<string, string> = {}): Promise<Answer> {
    return app.request('PUT', '/v1/sign', { body: { text }, headers });
  }

  async function etag(): Promise<string> {
    return (await get()).headers.get('etag') ?? '';
  }

  it('are strong, and the same as long as the representation is', async () => {
    const first = await etag();
    expect(first).toMatch(/^"[\w-]{43}"$/);
    expect(await etag()).toBe(first);
    sign = { text: 'closed' };
    expect(await etag()).not.toBe(first);
  });

  it('answer 304 without a body to If-None-Match, from a list, weak or as *', async () => {
    const current = await etag();
    for (const ifNoneMatch of [current, `"other", ${current}`, `W/${current}`, '*']) {
      const answer = await get({ 'if-none-match': ifNoneMatch });
      expect([answer.status, answer.text, answer.headers.get('etag')]).toEqual([304, '', current]);
    }
    expect((await get({ 'if-none-match': '"other"' })).status).toBe(200);
  });

  it('are given to HEAD as well', async () => {
    const answer = await get({}, 'HEAD');
    expect([answer.status, answer.text, answer.headers.get('etag')]).toEqual([200, '', await etag()]);
    expect((await get({ 'if-none-match': await etag() }, 'HEAD')).status).toBe(304);
  });

  it('let a write through If-Match only while they are current', async () => {
    const old = await etag();
    expect((await put('closed', { 'if-match': old })).status).toBe(200);
    const refused = await put('open', { 'if-match': old });
    expect(refused).toMatchObject(problem(412, 'precondition-failed'));
    expect((await put('open', { 'if-match': `"other", ${await etag()}` })).status).toBe(200);
    expect((await put('open', { 'if-match': `W/${await etag()}` })).status).toBe(412);
    expect((await put('anything')).status).toBe(200);
  });

  it('let If-Match: * through only where there is something', async () => {
    expect((await put('closed', { 'if-match': '*' })).status).toBe(200);
    sign = null;
    expect((await put('closed', { 'if-match': '*' })).status).toBe(412);
  });

  it('are given to the answer of a PUT, which is never 304', async () => {
    const answer = await put('closed', { 'if-none-match': '*' });
    expect([answer.status, answer.body, answer.headers.get('etag')]).toEqual([200, { text: 'closed' }, await etag()]);
    expect((await put('open', { 'if-match': answer.headers.get('etag') ?? '' })).status).toBe(200);
  });

  it('of a PUT are those that a GET of the same path gives', async () => {
    const { path, service, environment } = await aSlot(app, { gate: null });
    const release = { version: '1', gitSha: 'a'.repeat(40), commits: [{ sha: 'b'.repeat(40), committedAt: NOW }] };
    const bodies = {
      [`/v1/environments/${environment}`]: { tier: 'staging', description: 'new' },
      [`/v1/services/${service}`]: { owner: 'me', description: 'new' },
      [`${path}/hosts`]: { hosts: [{ name: 'a', url: 'http://127.0.0.1:8080' }] },
      [`${path}/gate`]: {
        bakeSeconds: 60,
        identity: { url: '{host.url}/info', field: '/imageDigest' },
        checks: [
          { name: 'up', type: 'http', url: '{host.url}/up', expect: [{ field: 'status', op: 'eq', value: 200 }] },
        ],
      },
      [`/v1/services/${service}/releases/sha256:${'c'.repeat(64)}`]: { ...release, builtAt: NOW },
    };
    for (const [of, body] of Object.entries(bodies)) {
      const written = await app.request('PUT', of, { body });
      expect([of, written.status, written.text]).toEqual([
        of,
        expect.any(Number),
        expect.not.stringContaining('problem'),
      ]);
      expect([of, written.headers.get('etag')]).toEqual([of, (await app.request('GET', of)).headers.get('etag')]);
    }
  });

  it('are not given to problems', async () => {
    const answer = await app.request('GET', '/v1/sign', { token: null });
    expect([answer.status, answer.headers.get('etag')]).toEqual([401, null]);
  });
});
