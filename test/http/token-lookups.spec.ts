import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { Controller, Get, Post } from '@nestjs/common';
import { RuntimeConfig } from '../../src/operations/runtime-config/runtime-config.js';
import { Requires } from '../../src/platform/auth/requires.js';
import { type Answer, problem, startApplication, type TestApplication } from '../support/application.js';
import { DatabaseProxy } from '../support/database-proxy.js';
import { eventually } from '../support/eventually.js';
import { askOperations, operationsSettings } from '../support/operations.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

/** How long a token that was revoked may still be believed at most, with room for a busy machine. */
const REVOKED_WITHIN_MS = 3000;

@Controller('v1')
class DoorsController {
  @Get('doors')
  @Requires('viewer')
  door(): object {
    return {};
  }

  @Post('doors')
  @Requires('viewer')
  enter(): object {
    return {};
  }

  @Post('webhooks/doors')
  @Requires('reporter')
  hook(): object {
    return {};
  }
}

const controllers = [DoorsController];
const aToken = () => `plm_${randomBytes(32).toString('base64url')}`;
const tooMany = problem(429, 'too-many-requests');

let database: TestDatabase;
let proxy: DatabaseProxy;
/** Behind a proxy that it trusts, and behind one before its database. */
let app: TestApplication;
/** Another instance, which trusts nobody. */
let other: TestApplication;

beforeAll(async () => {
  database = await createTestDatabase();
  proxy = await DatabaseProxy.before(database.url);
  const trusting = { ...operationsSettings, trustedProxies: ['127.0.0.1'] };
  other = await startApplication({ controllers, databaseUrl: database.url, settings: operationsSettings });
  app = await startApplication({ controllers, databaseUrl: proxy.url, settings: trusting });
});
afterEach(async () => {
  await proxy.restore();
  await patch({ rateLimits: null });
});
afterAll(async () => {
  await other.close();
  await app.close();
  await proxy.cut();
  await database.drop();
});

async function patch(body: object): Promise<void> {
  const { body: stored } = await askOperations(app, 'PATCH', '/runtime-config', { body });
  await eventually(() => expect(other.nest.get(RuntimeConfig).values).toEqual(stored.values));
}

interface Attempt {
  readonly from?: string;
  readonly token?: string;
  readonly to?: TestApplication;
}

function tryToken({ from = '192.0.2.1', token = aToken(), to = app }: Attempt = {}): Promise<Answer> {
  return to.request('GET', '/v1/doors', { token, headers: { 'x-forwarded-for': from } });
}

/** Tries tokens until one is not looked up any more. */
function untilRefused(attempt: Attempt = {}): Promise<Answer> {
  return eventually(async () => {
    const answer = await tryToken(attempt);
    expect(answer.status).not.toBe(401);
    return answer;
  });
}

async function lookups(): Promise<number> {
  const { text } = await askOperations(app, 'GET', '/metrics');
  return Number(/^db_query_duration_seconds_count{operation="select",entity="tokens"} (\d+)$/m.exec(text)?.[1] ?? 0);
}

describe('tokens that nobody knows', () => {
  it('are looked up so often for one address, then refused with 429 and Retry-After', async () => {
    await patch({ rateLimits: { unknownTokensPerSecond: 1 } });
    const refused = await untilRefused();
    expect(refused).toMatchObject(tooMany);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('are counted for the address of the client where a proxy is trusted, so that others are not refused', async () => {
    await patch({ rateLimits: { unknownTokensPerSecond: 1 } });
    expect(await untilRefused({ from: '192.0.2.7' })).toMatchObject(tooMany);
    expect((await tryToken({ from: '192.0.2.8' })).status).toBe(401);
    expect(await untilRefused({ from: '2001:db8:0:7::1' })).toMatchObject(tooMany);
    expect((await tryToken({ from: '2001:db8:0:8::1' })).status).toBe(401);
  });

  it('are counted for the address that the request came from where that is no trusted proxy, whatever it says', async () => {
    await patch({ rateLimits: { unknownTokensPerSecond: 1 } });
    let last = 0;
    const anyone = () => tryToken({ to: other, from: `192.0.2.${(last += 1) % 250}` });
    await eventually(async () => expect(await anyone()).toMatchObject(tooMany));
  });

  it('are refused with 503 at a webhook, never with 429', async () => {
    await patch({ rateLimits: { unknownTokensPerSecond: 1 } });
    const refused = await eventually(async () => {
      const answer = await app.request('POST', '/v1/webhooks/doors', { token: aToken() });
      expect(answer.status).not.toBe(401);
      return answer;
    });
    expect(refused).toMatchObject(problem(503, 'overloaded'));
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('are looked up once, and remembered for a while', async () => {
    const token = aToken();
    expect((await tryToken({ token })).status).toBe(401);
    const before = await lookups();
    for (let n = 0; n < 20; n += 1) expect((await tryToken({ token })).status).toBe(401);
    expect(await lookups()).toBe(before);
  });

  it('do not stand in the way of one that was valid before, also when it has to be looked up again', async () => {
    const { body } = await app.request('POST', '/v1/tokens', { body: { name: 'pipeline', role: 'viewer' } });
    expect((await tryToken({ token: body.token })).status).toBe(200);
    await patch({ rateLimits: { unknownTokensPerSecond: 1 } });
    const { body: gone } = await app.request('POST', '/v1/tokens', { body: { name: 'gone', role: 'viewer' } });
    await untilRefused();
    // Has every instance forget the tokens that it knows.
    await app.request('DELETE', `/v1/tokens/${gone.id}`);
    for (let n = 0; n < 5; n += 1) expect((await tryToken({ token: body.token })).status).toBe(200);
  });
});

describe('one token', () => {
  it('has a limit by default, and is refused with 429 beyond it, at a webhook with 503', async () => {
    const { requestsPerMinute } = app.nest.get(RuntimeConfig).values.rateLimits;
    expect(requestsPerMinute).toBe(30_000);
    await patch({ rateLimits: { requestsPerMinute: 60 } });
    const { body } = await app.request('POST', '/v1/tokens', { body: { name: 'greedy', role: 'deployer' } });
    const refused = await eventually(async () => {
      const answer = await tryToken({ token: body.token });
      expect(answer.status).not.toBe(200);
      return answer;
    });
    expect(refused).toMatchObject(tooMany);
    const hook = await app.request('POST', '/v1/webhooks/doors', { token: body.token });
    expect(hook).toMatchObject(problem(503, 'overloaded'));
  });
});

async function aSeenToken(): Promise<{ id: string; token: string }> {
  const { body } = await other.request('POST', '/v1/tokens', { body: { name: 'leaked', role: 'admin' } });
  expect((await tryToken({ token: body.token })).status).toBe(200);
  return body;
}

describe('a revoked token, on an instance that cannot hear of it', () => {
  it('is refused within a second, since what is not heard to live is not believed', async () => {
    const { id, token } = await aSeenToken();
    proxy.silence('plimsoll notifications');
    expect((await other.request('DELETE', `/v1/tokens/${id}`)).status).toBe(204);
    await eventually(
      async () => expect((await app.request('POST', '/v1/doors', { token, body: {} })).status).toBe(401),
      REVOKED_WITHIN_MS,
    );
  });

  it('costs the database one look at a time meanwhile, however many requests come with it', async () => {
    const { token } = await aSeenToken();
    proxy.silence('plimsoll notifications');
    const asked = await lookups();
    await eventually(async () => {
      await tryToken({ token });
      expect(await lookups()).toBeGreaterThan(asked);
    });
    const before = await lookups();
    const answers = await Promise.all(Array.from({ length: 200 }, () => tryToken({ token })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect((await lookups()) - before).toBeLessThan(100);
  });

  it('writes nothing with a body that was on its way when it was revoked', async () => {
    const { id, token } = await aSeenToken();
    const socket = connect(Number(new URL(app.url).port), '127.0.0.1').setEncoding('utf8');
    const head = ['POST /v1/doors HTTP/1.1', 'Host: a', `Authorization: Bearer ${token}`, 'Connection: close'];
    const body = ['Content-Type: application/json', 'Content-Length: 2', 'Expect: 100-continue'];
    socket.write([...head, ...body, '', ''].join('\r\n'));
    const [goOn] = await once(socket, 'data');
    expect(goOn).toContain('100 Continue');
    await app.request('DELETE', `/v1/tokens/${id}`);
    await eventually(async () => expect((await tryToken({ token })).status).toBe(401));
    socket.write('{}');
    expect((await socket.toArray()).join('')).toContain('HTTP/1.1 401');
  });
});
