import { DEFAULT_BAKE_SECONDS } from '../../src/delivery/gates/plan/gate-plan.model.js';
import { ServiceLog } from '../../src/operations/logging/service-log.js';
import { RuntimeConfig } from '../../src/operations/runtime-config/runtime-config.js';
import { type Answer, startApplication, type TestApplication } from '../support/application.js';
import { eventually } from '../support/eventually.js';
import { aHost } from '../support/a-host.js';
import { aDeployment, anEnvironment, aSlot } from '../support/fixtures.js';
import { askOperations, operationsSettings } from '../support/operations.js';

let app: TestApplication;
let other: TestApplication;

beforeAll(async () => {
  app = await startApplication({ settings: operationsSettings });
  const { databaseUrl } = app;
  other = await startApplication({ settings: operationsSettings, databaseUrl, withoutTokens: true });
});
afterAll(async () => {
  await other.close();
  await app.close();
});

const read = () => askOperations(app, 'GET', '/runtime-config');
const patch = (body: unknown, headers: Record<string, string> = {}) =>
  askOperations(app, 'PATCH', '/runtime-config', { body, headers });
const valuesOf = (instance: TestApplication) => instance.nest.get(RuntimeConfig).values;
const pointersOf = ({ body }: Answer) => body.errors.map(({ pointer }: { pointer: string }) => pointer);

afterEach(() => patch({ logLevel: null, gateDefaults: null, rateLimits: null, retention: null }));

describe('the runtime configuration', () => {
  it('has a default for every key, and a revision as its ETag', async () => {
    const { status, headers, body } = await eventually(read);
    expect(status).toBe(200);
    expect(headers.get('etag')).toBe(`"${body.revision}"`);
    expect(body).toMatchObject({ overrides: {}, values: { logLevel: 'silent' } });
    expect(body.values.gateDefaults.bakeSeconds).toEqual(DEFAULT_BAKE_SECONDS);
  });

  it('takes a merge patch; null gives a key its default again', async () => {
    const before = (await read()).body;
    await patch({ retention: { eventsDays: 7, auditLogDays: 30 } });
    const { status, body } = await patch({ retention: { eventsDays: null } });
    expect(status).toBe(200);
    expect(body).toMatchObject({ revision: before.revision + 2, overrides: { retention: { auditLogDays: 30 } } });
    expect(body.values.retention).toEqual({ ...before.values.retention, auditLogDays: 30 });
  });

  it('reaches every instance', async () => {
    await patch({ rateLimits: { requestsPerMinute: 61 } });
    await eventually(() => expect(valuesOf(other).rateLimits.requestsPerMinute).toBe(61));
  });

  it('is read again by whoever has missed the announcement', async () => {
    await app.database.transaction((tx) =>
      tx.query(`UPDATE runtime_config SET revision = revision + 1, overrides = '{"retention": {"eventsDays": 5}}'`),
    );
    await other.nest.get(RuntimeConfig).refresh();
    expect(valuesOf(other).retention.eventsDays).toBe(5);
  });

  it('survives what another version has stored: keys that are unknown here, or mean something else', async () => {
    const overrides = { telepathy: true, retention: { eventsDays: 'for ever', auditLogDays: 3 }, gateDefaults: 7 };
    await app.database.transaction((tx) =>
      tx.query('UPDATE runtime_config SET revision = revision + 1, overrides = $1', [overrides]),
    );
    await other.nest.get(RuntimeConfig).refresh();
    expect(valuesOf(other)).toMatchObject({
      retention: { eventsDays: 90, auditLogDays: 3 },
      gateDefaults: { bakeSeconds: DEFAULT_BAKE_SECONDS },
    });
    await patch({ telepathy: null, gateDefaults: null, retention: null });
  });

  it('is audited, with before and after', async () => {
    await patch({ retention: { eventsDays: 8 } });
    const [entry] = await app.database.read((handle) =>
      handle.query(`SELECT * FROM audit_log WHERE action = 'runtime-config.patch' ORDER BY id DESC LIMIT 1`),
    );
    expect(entry).toMatchObject({ actor: 'operations', before: {}, after: { retention: { eventsDays: 8 } } });
  });

  it('shows in /config which keys were overridden', async () => {
    await patch({ retention: { eventsDays: 12 } });
    const { runtime } = (await askOperations(app, 'GET', '/config')).body;
    expect(runtime).toContainEqual({ key: 'retention.eventsDays', source: 'runtime', value: 12 });
    expect(runtime).toContainEqual({ key: 'gateDefaults.bakeSeconds.production', source: 'default', value: 600 });
  });

  it('shows its revision in the metrics', async () => {
    const { revision } = (await patch({ retention: { eventsDays: 9 } })).body;
    await eventually(async () =>
      expect((await askOperations(app, 'GET', '/metrics')).text).toContain(`runtime_config_revision ${revision}\n`),
    );
  });
});

describe('a patch', () => {
  it('changes nothing where somebody else was quicker', async () => {
    const { revision } = (await read()).body;
    const first = await patch({ retention: { eventsDays: 10 } }, { 'If-Match': `"${revision}"` });
    expect(first.status).toBe(200);
    const second = await patch({ retention: { eventsDays: 11 } }, { 'If-Match': `"${revision}"` });
    expect([second.status, second.headers.get('etag')]).toEqual([412, `"${revision + 1}"`]);
    expect((await read()).body.overrides).toEqual({ retention: { eventsDays: 10 } });
    expect((await patch({}, { 'If-Match': 'W/"x"' })).status).toBe(412);
  });

  it('changes all that it names or nothing, and names every fault', async () => {
    const { revision } = (await read()).body;
    const answer = await patch({
      logLevel: 'loud',
      retention: { eventsDays: 0, auditLogDays: 30 },
      gateDefaults: { bakeSeconds: { production: 1.5, moon: 1 } },
      databaseUrl: 'postgres://elsewhere',
    });
    expect(answer.status).toBe(422);
    expect(new Set(pointersOf(answer))).toEqual(
      new Set([
        '/logLevel',
        '/retention/eventsDays',
        '/gateDefaults/bakeSeconds/production',
        '/gateDefaults/bakeSeconds/moon',
        '/databaseUrl',
      ]),
    );
    expect((await read()).body).toMatchObject({ revision, overrides: {} });
  });

  it.each([
    ['no JSON', '{"logLevel"', 400],
    ['a list', [], 422],
    ['nothing', null, 422],
    ['a prototype', '{"__proto__":{"logLevel":"info"}}', 422],
  ])('that is %s is refused', async (_, body, status) => {
    expect((await patch(body)).status).toBe(status);
  });

  it('needs the token and the right to write, and no browser', async () => {
    const body = { retention: { eventsDays: 1 } };
    expect((await askOperations(app, 'PATCH', '/runtime-config', { body, token: 'wrong' })).status).toBe(401);
    expect((await patch(body, { Origin: 'http://localhost' })).status).toBe(403);
  });
});

describe('a patch of what another version has stored in part', () => {
  const unknown = { telepathy: true, retention: { telegramsDays: 3, eventsDays: 'for ever' } };
  beforeEach(() =>
    app.database.transaction((tx) =>
      tx.query('UPDATE runtime_config SET revision = revision + 1, overrides = $1', [unknown]),
    ),
  );
  afterEach(() => patch({ telepathy: null, retention: null }));

  it('changes what it names, and leaves the rest for the version that knows it', async () => {
    const { status, body } = await patch({ retention: { auditLogDays: 30 } });
    expect([status, body.overrides]).toEqual([
      200,
      { telepathy: true, retention: { ...unknown.retention, auditLogDays: 30 } },
    ]);
    expect(body.values.retention).toEqual({ auditLogDays: 30, eventsDays: 90, measurementsDays: 90 });
  });

  it('can take away what is not known here, and cannot set it', async () => {
    expect((await patch({ telepathy: null })).body.overrides).toEqual({ retention: unknown.retention });
    const refused = await patch({ telepathy: true, retention: { telegramsDays: 4, eventsDays: 'today' } });
    expect(new Set(pointersOf(refused))).toEqual(
      new Set(['/telepathy', '/retention/telegramsDays', '/retention/eventsDays']),
    );
  });
});

describe('what is configured takes effect', () => {
  it('in the log level', async () => {
    const { levels } = app.nest.get(ServiceLog);
    await patch({ logLevel: 'warn' });
    expect([levels.levelOf('root'), levels.levelOf('Request')]).toEqual(['warn', 'warn']);
    await patch({ logLevel: null });
    expect(levels.levelOf('root')).toBe('silent');
  });

  it('in how often a token may ask in a minute', async () => {
    const ask = () => app.request('GET', '/v1/services', { token: app.tokens.viewer });
    await patch({ rateLimits: { requestsPerMinute: 60 } });
    const statuses: number[] = [];
    for (let n = 0; n < 60; n += 1) statuses.push((await ask()).status);
    expect(new Set(statuses)).toEqual(new Set([200]));
    const refused = await ask();
    expect([refused.status, refused.body.type]).toEqual([429, expect.stringMatching(/too-many-requests$/)]);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await app.request('GET', '/v1/services', { token: app.tokens.operator })).status).toBe(200);
    await patch({ rateLimits: null });
    expect((await ask()).status).toBe(200);
  });

  it('in the bake of gates that name none', async () => {
    await using host = await aHost({ '/readyz': {} });
    const { slug: environment } = await anEnvironment(app, { tier: 'staging' });
    const expectation = { field: 'status', op: 'eq', value: 200 };
    const checks = [
      { name: 'ready', type: 'http', url: '{host.url}/readyz', intervalSeconds: 1, expect: [expectation] },
    ];
    const slot = await aSlot(app, { environment, hosts: [host], gate: { warmUpSeconds: 0, checks } });
    await patch({ gateDefaults: { bakeSeconds: { staging: 1 } } });
    const { id } = await aDeployment(app, { ...slot, state: 'verifying' });
    const { body } = await app.request('GET', `/v1/deployments/${id}/verdict?wait=30`);
    expect(body).toMatchObject({ verdict: 'promote', progress: { done: 2, planned: 2 } });
  });
});
