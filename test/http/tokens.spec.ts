import { Controller, Get, Param } from '@nestjs/common';
import type { Role } from '../../src/platform/auth/principal.js';
import { ExpiredTokens } from '../../src/platform/auth/expired-tokens.js';
import { Caller, Requires } from '../../src/platform/auth/requires.js';
import { startApplication, type Answer, type TestApplication } from '../support/application.js';
import { eventually } from '../support/eventually.js';
import { FakeClock } from '../support/fake-clock.js';
import { askOperations, operationsSettings } from '../support/operations.js';

const DAY_MS = 24 * 60 * 60 * 1000;

@Controller('v1/rooms')
class RoomsController {
  @Get('viewer')
  @Requires('viewer')
  viewer(@Caller() principal: object): unknown {
    return principal;
  }

  @Get('reporter')
  @Requires('reporter')
  reporter(): unknown {
    return {};
  }

  @Get('deployer')
  @Requires('deployer')
  deployer(): unknown {
    return {};
  }

  @Get('operator')
  @Requires('operator')
  operator(): unknown {
    return {};
  }

  @Get('admin')
  @Requires('admin')
  admin(): unknown {
    return {};
  }

  @Get('of/:service')
  @Requires('viewer')
  ofService(@Param('service') service: string): unknown {
    return { service };
  }
}

describe('tokens', () => {
  const clock = new FakeClock(new Date('2026-03-01T12:00:00.000Z'));
  let app: TestApplication;

  beforeAll(async () => {
    app = await startApplication({ controllers: [RoomsController], clock, settings: operationsSettings });
  });

  afterAll(() => app.close());

  function create(body: object, token = app.tokens.admin): Promise<Answer> {
    return app.request('POST', '/v1/tokens', { token, body: { name: 'ci', role: 'viewer', ...body } });
  }

  async function enter(room: string, token: string): Promise<number> {
    return (await app.request('GET', `/v1/rooms/${room}`, { token })).status;
  }

  it('shows a new token once, and keeps its hash only', async () => {
    const created = await create({ name: 'shown once', role: 'deployer' });
    expect(created.status).toBe(201);
    expect(created.body).toEqual({
      id: expect.any(String),
      token: expect.stringMatching(/^plm_[\w-]{43}$/),
      name: 'shown once',
      role: 'deployer',
      service: null,
      createdAt: '2026-03-01T12:00:00.000Z',
      expiresAt: null,
    });
    const { text } = await app.request('GET', '/v1/tokens');
    expect(text).toContain('shown once');
    expect(text).not.toContain(created.body.token);
    expect(text).not.toMatch(/sha256|hash/);
    const rows = await app.database.query<object>('all-tokens', 'SELECT tokens::text FROM tokens', []);
    expect(JSON.stringify(rows)).not.toContain(created.body.token);
  });

  const admitted: Record<Role, string[]> = {
    viewer: ['viewer'],
    reporter: ['reporter'],
    deployer: ['viewer', 'reporter', 'deployer'],
    operator: ['viewer', 'reporter', 'deployer', 'operator'],
    admin: ['viewer', 'reporter', 'deployer', 'operator', 'admin'],
  };

  it.each(Object.entries(admitted))('lets the role %s do what takes %p, and nothing else', async (role, rooms) => {
    for (const room of Object.keys(admitted)) {
      expect([room, await enter(room, app.tokens[role as Role])]).toEqual([room, rooms.includes(room) ? 200 : 403]);
    }
  });

  it('binds a token to one service', async () => {
    const { body } = await create({ service: 'checkout' });
    expect(await enter('of/checkout', body.token)).toBe(200);
    expect(await enter('of/basket', body.token)).toBe(403);
    expect(await enter('viewer', body.token)).toBe(200);
  });

  it('lets an admin of one service make, see and revoke tokens of that service only', async () => {
    const { body: bound } = await create({ role: 'admin', service: 'basket' });
    expect((await create({}, bound.token)).status).toBe(403);
    expect((await create({ service: 'checkout' }, bound.token)).status).toBe(403);
    const own = await create({ name: 'own', service: 'basket' }, bound.token);
    expect(own.status).toBe(201);
    const list = await app.request('GET', '/v1/tokens', { token: bound.token });
    expect(new Set(list.body.items.map(({ service }: { service: string }) => service))).toEqual(new Set(['basket']));
    const { body: other } = await create({});
    expect((await app.request('DELETE', `/v1/tokens/${other.id}`, { token: bound.token })).status).toBe(403);
    expect((await app.request('DELETE', `/v1/tokens/${own.body.id}`, { token: bound.token })).status).toBe(204);
  });

  it('refuses a token from the moment it expires', async () => {
    const { body } = await create({ expiresAt: '2026-03-01T13:00:00+00:00' });
    expect(await enter('viewer', body.token)).toBe(200);
    clock.set(new Date('2026-03-01T12:59:59.999Z'));
    expect(await enter('viewer', body.token)).toBe(200);
    clock.set(new Date('2026-03-01T13:00:00.000Z'));
    expect(await enter('viewer', body.token)).toBe(401);
    const past = await create({ expiresAt: '2026-03-01T12:00:00Z' });
    expect([past.status, past.body.errors]).toEqual([
      422,
      [{ pointer: '/expiresAt', detail: 'must lie in the future' }],
    ]);
  });

  it('forgets a token 30 days after it has expired, unless the audit log still names it', async () => {
    const expiresAt = new Date(clock.now().getTime() + DAY_MS).toISOString();
    const [unused, active] = [await create({ expiresAt }), await create({ expiresAt, role: 'admin' })];
    const { body: made } = await create({}, active.body.token);
    const kept = async (): Promise<string[]> => {
      await app.nest.get(ExpiredTokens).sweep();
      const rows = await app.database.query<{ id: string }>('kept', 'SELECT id FROM tokens', []);
      return rows
        .map(({ id }) => id)
        .filter((id) => [unused, active].some(({ body }) => body.id === id) || id === made.id);
    };
    clock.advance(31 * DAY_MS - 1);
    expect((await kept()).sort()).toEqual([unused.body.id, active.body.id, made.id].sort());
    clock.advance(1);
    expect((await kept()).sort()).toEqual([active.body.id, made.id].sort());
    const { body } = await askOperations(app, 'GET', '/jobs');
    expect(body.jobs).toContainEqual(expect.objectContaining({ name: 'expired-tokens', everyMs: 600_000 }));
  });

  it('refuses a revoked token at once, on every instance, though all of them had just seen it', async () => {
    const other = await startApplication({ controllers: [RoomsController], clock, databaseUrl: app.databaseUrl });
    try {
      const { body } = await create({});
      const seen = async (): Promise<number> =>
        (await other.request('GET', '/v1/rooms/viewer', { token: body.token })).status;
      expect([await enter('viewer', body.token), await seen()]).toEqual([200, 200]);
      expect((await app.request('DELETE', `/v1/tokens/${body.id}`)).status).toBe(204);
      await eventually(async () => expect([await enter('viewer', body.token), await seen()]).toEqual([401, 401]));
      expect((await app.request('DELETE', `/v1/tokens/${body.id}`)).status).toBe(404);
    } finally {
      await other.close();
    }
  });

  it('writes who made and revoked a token into the audit log, with the request', async () => {
    const headers = { 'x-request-id': 'audited-1' };
    const { body } = await app.request('POST', '/v1/tokens', { body: { name: 'audited', role: 'viewer' }, headers });
    await app.request('DELETE', `/v1/tokens/${body.id}`, { token: app.tokens.admin });
    const { token: _shown, ...view } = body;
    const entries = await app.database.query<object>(
      'audit-of',
      'SELECT actor, action, request_id, before, after FROM audit_log WHERE subject = $1 ORDER BY id',
      [body.id],
    );
    expect(entries).toEqual([
      { actor: 'admin', action: 'token.create', request_id: 'audited-1', before: null, after: view },
      { actor: 'admin', action: 'token.revoke', request_id: expect.any(String), before: view, after: null },
    ]);
  });

  it.each([
    ['no scheme', (token: string) => token],
    ['another scheme', (token: string) => `Basic ${token}`],
    ['two tokens', (token: string) => `Bearer ${token} ${token}`],
    ['a token that is too long', (token: string) => `Bearer ${token.repeat(20)}`],
    ['an empty one', () => 'Bearer '],
  ])('refuses an Authorization header with %s', async (_what, headerOf) => {
    const headers = { authorization: headerOf(app.tokens.admin) };
    expect((await app.request('GET', '/v1/rooms/viewer', { token: null, headers })).status).toBe(401);
  });
});

describe('BOOTSTRAP_ADMIN_TOKEN', () => {
  const bootstrapAdminToken = 'plm_bootstrap-bootstrap-bootstrap';
  let app: TestApplication;

  beforeAll(async () => {
    app = await startApplication();
  });

  afterAll(() => app.close());

  async function statusAfterStart(): Promise<number> {
    const instance = await startApplication({
      databaseUrl: app.databaseUrl,
      settings: { bootstrapAdminToken },
      withoutTokens: true,
    });
    try {
      return (await instance.request('GET', '/v1/tokens', { token: bootstrapAdminToken })).status;
    } finally {
      await instance.close();
    }
  }

  it('is made the first admin token only where there is none, and stays revoked', async () => {
    expect(await statusAfterStart()).toBe(401);
    await app.database.query('revoke-all', 'UPDATE tokens SET revoked_at = now()', []);
    expect(await statusAfterStart()).toBe(200);
    expect(await statusAfterStart()).toBe(200);
    await app.database.query('revoke-all', 'UPDATE tokens SET revoked_at = now()', []);
    expect(await statusAfterStart()).toBe(401);
  });

  it('is known at once on an instance where it was tried before it was made', async () => {
    const tried = async () =>
      (await app.request('GET', '/v1/tokens', { token: 'plm_tried-before-it-was-made' })).status;
    await app.database.query('revoke-all', 'UPDATE tokens SET revoked_at = now()', []);
    expect(await tried()).toBe(401);
    const settings = { bootstrapAdminToken: 'plm_tried-before-it-was-made' };
    const instance = await startApplication({ databaseUrl: app.databaseUrl, settings, withoutTokens: true });
    await instance.close();
    await eventually(async () => expect(await tried()).toBe(200), 5000);
  });
});
