import { randomUUID } from 'node:crypto';
import { jest } from '@jest/globals';
import { exportSPKI, generateKeyPair } from 'jose';
import type { OidcIssuer } from '../../src/operations/config/oidc-issuers.js';
import { Issuer } from '../support/an-issuer.js';
import { type Answer, problem, startApplication, type TestApplication } from '../support/application.js';
import { eventually } from '../support/eventually.js';
import { FakeClock } from '../support/fake-clock.js';
import { aRelease, aSlot } from '../support/fixtures.js';

const MINUTE_MS = 60_000;

let issuer: Issuer;
let app: TestApplication;
let clock: FakeClock;

beforeEach(async () => {
  // That the issuer's keys are in memory only need not be told.
  jest.spyOn(console, 'warn').mockImplementation(() => undefined);
  clock = new FakeClock();
  issuer = await Issuer.start();
  const { url, audience, claims } = issuer;
  const rules: OidcIssuer['rules'] = [
    { claims: { ...claims, ref: ['refs/heads/main', 'refs/heads/next'] }, role: 'deployer', service: 'checkout' },
    { claims: { team: ['operators'] }, role: 'operator', service: null },
  ];
  const elsewhere = { issuer: 'https://elsewhere.example.com', audience, maxAgeSeconds: 3600, rules };
  app = await startApplication({
    clock,
    settings: { oidcIssuers: [{ issuer: url, audience, maxAgeSeconds: 3600, rules }, elsewhere] },
  });
});
afterEach(async () => {
  await app.close();
  await issuer.goAway().catch(() => undefined);
});

const read = (token: string) => app.request('GET', '/v1/services', { token });
const statusWith = async (token: string) => (await read(token)).status;

async function deploy(token: string, digest: string, key: string): Promise<Answer> {
  const body = { service: 'checkout', environment: 'production', digest };
  return app.request('POST', '/v1/deployments', { token, headers: { 'idempotency-key': key }, body });
}

async function aCheckout(): Promise<string> {
  await app.request('PUT', '/v1/services/checkout', { body: {} });
  await app.request('PUT', '/v1/environments/production', { body: { tier: 'production' } });
  await aSlot(app, { service: 'checkout', environment: 'production' });
  return (await aRelease(app, { service: 'checkout' })).digest;
}

describe('a token of an issuer', () => {
  it('deploys with the role and for the service that a rule gives, under the name of issuer and subject', async () => {
    const digest = await aCheckout();
    const other = await aSlot(app);
    const token = await issuer.token();
    const created = await deploy(token, digest, 'a-key');
    const actor = `${issuer.url} ${issuer.subject}`;
    expect([created.status, created.body.actor]).toEqual([201, actor]);
    const gate = { token, body: { ungated: 'x' } };
    expect((await app.request('PUT', '/v1/services/checkout/environments/production/gate', gate)).status).toBe(403);
    expect((await app.request('GET', other.path, { token })).status).toBe(403);
    const { items } = (await app.request('GET', `/v1/audit?${new URLSearchParams({ actor })}`)).body;
    expect(items).toMatchObject([{ action: 'deployment.create', subject: created.body.id, actor }]);
  });

  it('is the same to an Idempotency-Key as another one of its subject', async () => {
    const digest = await aCheckout();
    const first = await deploy(await issuer.token(), digest, 'run-77');
    const again = await deploy(await issuer.token(), digest, 'run-77');
    expect([again.status, again.body.id]).toEqual([201, first.body.id]);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    const stranger = await issuer.forge({ claims: { sub: 'repo:acme/checkout:ref:refs/heads/next' } });
    expect((await deploy(stranger, digest, 'run-77')).headers.get('idempotency-replayed')).toBeNull();
  });

  it('gets what the first rule gives whose conditions all hold, and 403 where none does', async () => {
    const claims = { ref: 'refs/heads/other' };
    expect(await read(await issuer.forge({ claims }))).toMatchObject(problem(403, 'forbidden'));
    expect(await statusWith(await issuer.forge({ claims: { repository: undefined } }))).toBe(403);
    expect(await statusWith(await issuer.forge({ claims: { ...claims, team: 'operators' } }))).toBe(200);
    const operator = await issuer.forge({ claims: { ...claims, team: ['readers', 'operators'] } });
    const weekly = { days: ['fri'], from: '16:00', to: '23:59', timeZone: 'Europe/Berlin' };
    const body = { weekly, reason: 'x' };
    expect((await app.request('POST', '/v1/freezes', { token: operator, body })).status).toBe(201);
  });

  it('is taken until it expires, and an hour after it was issued at most', async () => {
    const short = await issuer.forge({ claims: { exp: Math.floor(Date.now() / 1000) + 600 } });
    const long = await issuer.forge({ claims: { exp: Math.floor(Date.now() / 1000) + 86_400 } });
    expect([await statusWith(short), await statusWith(long)]).toEqual([200, 200]);
    clock.advance(11 * MINUTE_MS);
    expect([await statusWith(short), await statusWith(long)]).toEqual([401, 200]);
    clock.advance(50 * MINUTE_MS);
    expect(await statusWith(long)).toBe(401);
  });
});

const now = () => Math.floor(Date.now() / 1000);

function unsigned(token: string, header: object): string {
  const [, payload] = token.split('.');
  return `${Buffer.from(JSON.stringify(header)).toString('base64url')}.${payload}.`;
}

describe('a token that is not to be believed', () => {
  it.each<[string, () => Promise<string>]>([
    ['has expired', () => issuer.forge({ claims: { exp: now() - 60 } })],
    ['never expires', () => issuer.forge({ claims: { exp: undefined } })],
    ['is for another audience', () => issuer.forge({ claims: { aud: 'https://other.example.com' } })],
    ['is for nobody', () => issuer.forge({ claims: { aud: undefined } })],
    ['is not to be used before next year', () => issuer.forge({ claims: { nbf: now() + 365 * 86_400 } })],
    ['is issued in an hour', () => issuer.forge({ claims: { iat: now() + 3600, exp: now() + 7200 } })],
    ['does not say when it was issued', () => issuer.forge({ claims: { iat: undefined } })],
    ['has no subject', () => issuer.forge({ claims: { sub: undefined } })],
    ['has a subject of two lines', () => issuer.forge({ claims: { sub: 'repo:a\nrepo:b' } })],
    ['names no key', () => issuer.forge({ header: { kid: undefined } })],
    ['names a key that there is not', () => issuer.forge({ header: { kid: 'other' } })],
    ['is signed by somebody else', async () => issuer.forge({ key: (await generateKeyPair('RS256')).privateKey })],
    [
      'is signed with the public key as a password',
      async () => {
        const key = Buffer.from(await exportSPKI(issuer.key.publicKey));
        return issuer.forge({ header: { alg: 'HS256' }, key });
      },
    ],
    ['is not signed', async () => unsigned(await issuer.forge(), { alg: 'none', kid: issuer.key.kid })],
    ['has lost its signature', async () => unsigned(await issuer.forge(), { alg: 'RS256', kid: issuer.key.kid })],
    [
      'was changed after it was signed',
      async () => {
        const [header, , signature] = (await issuer.forge()).split('.');
        const [, payload] = (await issuer.forge({ claims: { team: 'operators' } })).split('.');
        return [header, payload, signature].join('.');
      },
    ],
  ])('is refused where it %s', async (_what, make) => {
    expect(await statusWith(await issuer.token())).toBe(200);
    const refused = await read(await make());
    expect(refused).toMatchObject(problem(401, 'unauthenticated'));
    expect(refused.headers.get('www-authenticate')).toContain('error="invalid_token"');
  });

  it('causes no call where it is of an issuer that nobody configured, or is no token at all', async () => {
    const foreign = await issuer.forge({ claims: { iss: 'https://evil.example.com' } });
    for (const token of [foreign, 'e30.e30.e30', 'e30.bm8.e30', '_._._', 'aa.aa.']) {
      expect([token, await statusWith(token)]).toEqual([token, 401]);
    }
    expect(issuer.asked).toEqual([]);
  });

  it('causes one look-up in ten seconds, however many keys are named', async () => {
    await read(await issuer.token());
    const before = issuer.lookUps;
    clock.advance(10_000);
    const tokens = await Promise.all(Array.from({ length: 40 }, () => issuer.forge({ header: { kid: randomUUID() } })));
    const statuses = await Promise.all(tokens.map(statusWith));
    expect([new Set(statuses), issuer.lookUps - before]).toEqual([new Set([401]), 1]);
  });

  it('is refused with 429 where one address tries many', async () => {
    const tokens = await Promise.all(Array.from({ length: 120 }, () => issuer.forge({ claims: { exp: 1 } })));
    const statuses = await Promise.all(tokens.map(statusWith));
    expect(new Set(statuses)).toEqual(new Set([401, 429]));
  });
});

describe('the keys of an issuer', () => {
  it('are looked up once for many at once', async () => {
    const tokens = await Promise.all(Array.from({ length: 20 }, () => issuer.forge({ claims: { jti: randomUUID() } })));
    expect(new Set(await Promise.all(tokens.map(statusWith)))).toEqual(new Set([200]));
    expect(issuer.lookUps).toBe(1);
  });

  it('may change: what the new one signed is taken, and what the old one signed is not', async () => {
    const old = await issuer.token();
    expect(await statusWith(old)).toBe(200);
    await issuer.rotate();
    const young = await issuer.token();
    clock.advance(10_000);
    expect(await statusWith(young)).toBe(200);
    // What was verified is believed for half a minute.
    clock.advance(30_000);
    expect([await statusWith(old), await statusWith(young)]).toEqual([401, 200]);
  });

  it('that are withdrawn are known to be within ten minutes, also where nobody names another one', async () => {
    const withdrawn = await issuer.forge();
    expect(await statusWith(withdrawn)).toBe(200);
    await issuer.rotate();
    clock.advance(10 * MINUTE_MS);
    await eventually(async () => {
      // What was verified is believed for half a minute.
      clock.advance(30_000);
      expect(await statusWith(withdrawn)).toBe(401);
    });
  });

  it('are believed for a day while the issuer is away; a key that they lack is then 503', async () => {
    const atTime = () =>
      issuer.forge({ claims: { iat: clock.now().getTime() / 1000, exp: clock.now().getTime() / 1000 + 60 } });
    expect(await statusWith(await atTime())).toBe(200);
    await issuer.goAway();
    clock.advance(24 * 60 * MINUTE_MS - 1000);
    expect(await statusWith(await atTime())).toBe(200);
    const unknown = await read(await issuer.forge({ header: { kid: 'new' } }));
    expect(unknown).toMatchObject(problem(503, 'issuer-unavailable'));
    expect(unknown.headers.get('retry-after')).toBe('10');
    clock.advance(1000);
    expect(await read(await atTime())).toMatchObject(problem(503, 'issuer-unavailable'));
    await issuer.comeBack();
    clock.advance(10_000);
    expect(await statusWith(await atTime())).toBe(200);
  });

  it('are fetched again also where the clock was put back', async () => {
    expect(await statusWith(await issuer.token())).toBe(200);
    await issuer.rotate();
    clock.advance(-20_000);
    expect(await statusWith(await issuer.token())).toBe(200);
  });

  it('that were never fetched make it 503, with one try in ten seconds', async () => {
    const tokens = await Promise.all(Array.from({ length: 10 }, () => issuer.forge({ claims: { jti: randomUUID() } })));
    issuer.answer((_request, response) => response.destroy());
    for (const token of tokens) expect(await read(token)).toMatchObject(problem(503, 'issuer-unavailable'));
    expect(issuer.lookUps).toBe(1);
    const { headers, status } = await app.request('GET', '/v1/services', { token: app.tokens.viewer });
    expect([status, headers.get('retry-after')]).toEqual([200, null]);
  });

  it.each<[string, (issuer: Issuer) => object | string]>([
    ['is no JSON', () => '<html>'],
    ['is that of another issuer', ({ keyUrl }) => ({ issuer: 'https://other.example.com', jwks_uri: keyUrl })],
    ['does not say where the keys are', ({ url }) => ({ issuer: url })],
    ['sends one elsewhere than over HTTP', ({ url }) => ({ issuer: url, jwks_uri: 'file:///etc/passwd' })],
    ['never ends', ({ url, keyUrl }) => ({ issuer: url, jwks_uri: keyUrl, x: 'x'.repeat(300_000) })],
  ])('are not taken from a discovery document that %s', async (_what, documentOf) => {
    const token = await issuer.forge();
    const document = documentOf(issuer);
    issuer.answer((_request, response) =>
      response.end(typeof document === 'string' ? document : JSON.stringify(document)),
    );
    expect(await read(token)).toMatchObject(problem(503, 'issuer-unavailable'));
    expect(issuer.asked).toEqual(['/.well-known/openid-configuration']);
  });

  it('are not taken from where a redirect leads', async () => {
    const token = await issuer.forge();
    issuer.answer((_request, response) => response.writeHead(302, { location: `${issuer.url}/elsewhere` }).end());
    expect(await read(token)).toMatchObject(problem(503, 'issuer-unavailable'));
    expect(issuer.asked).toEqual(['/.well-known/openid-configuration']);
  });
});
