import { Writable } from 'node:stream';
import { jest } from '@jest/globals';
import { OperationsAudit } from './audit/operations-audit.js';
import { loadConfiguration } from './config/load-settings.js';
import { Secrets } from './config/secrets.js';
import { SETTINGS, type Settings } from './config/settings.js';
import { UnexpectedErrors } from './errors/unexpected-errors.js';
import { HealthChecks } from './health/health-checks.js';
import { ProcessPhase } from './lifecycle/process-phase.js';
import { ServiceLog } from './logging/service-log.js';
import { Mappings } from './main-port/mappings.js';
import { createOperations } from './operations-application.js';
import { OpsCounts } from './port/ops-counts.js';
import { Reports } from './reports/reports.js';

const environment = {
  APP_ENV: 'test',
  DATABASE_URL: 'postgres://app:canary-password@db/plimsoll',
  OPS_TOKEN: 'canary-ops-token',
  OPS_MAX_ACCESS: 'write',
  LOG_LEVEL: 'info',
};

const nowhere = () => new Writable({ write: (_chunk, _encoding, done) => done() });

async function anApplication(changes: Record<string, string> = {}) {
  const configuration = loadConfiguration({ ...environment, ...changes });
  const operations = await createOperations(configuration, new ServiceLog(configuration.settings, nowhere()));
  const audited: string[] = [];
  operations.get(OperationsAudit).connect({
    record: async ({ action, status }) => void audited.push(`${action} ${status}`),
  });
  await operations.init();
  const ask = async (call: string, body?: unknown, authorization = 'Bearer canary-ops-token') => {
    const [method = '', url = ''] = call.split(' ');
    const answer = await operations.inject({
      method: method as 'GET',
      url,
      headers: { authorization, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return { status: answer.statusCode, headers: answer.headers, body: answer.json<Record<string, unknown>>() };
  };
  return { operations, ask, audited };
}

describe('the operations endpoints', () => {
  // What the framework and its requests need is real.
  const doNotFake = ['nextTick', 'setImmediate', 'queueMicrotask', 'setInterval', 'performance', 'hrtime'] as const;
  beforeEach(() => jest.useFakeTimers({ now: Date.parse('2026-01-31T12:00:00Z'), doNotFake: [...doNotFake] }));
  afterEach(() => jest.useRealTimers());

  test('/config tells every setting and its source, and of a secret that there is one', async () => {
    const { body } = await (await anApplication()).ask('GET /config');

    expect(body['settings']).toEqual(
      expect.arrayContaining([
        { key: 'PORT', source: 'default', value: 3000 },
        { key: 'LOG_LEVEL', source: 'environment', value: 'info' },
        { key: 'PROBE_ALLOW', source: 'file', value: ['localhost', '127.0.0.0/8', '::1'] },
        { key: 'DATABASE_URL', source: 'environment', value: '******' },
        { key: 'REDIS_URL', source: 'default', value: null },
      ]),
    );
    expect(JSON.stringify(body)).not.toContain('canary');
  });

  test('/loggers lists the contexts, and one can be changed for a while', async () => {
    const { operations, ask } = await anApplication();
    operations.get(ServiceLog).levels.allows('info', 'Gates');
    const changed = await ask('PUT /loggers/Gates', { level: 'debug', ttlSeconds: 60 });

    expect(changed).toMatchObject({
      status: 200,
      body: { context: 'Gates', level: 'debug', overriddenUntil: '2026-01-31T12:01:00.000Z' },
    });
    expect((await ask('GET /loggers')).body['loggers']).toContainEqual(changed.body);
    jest.advanceTimersByTime(60_000);
    expect((await ask('GET /loggers/Gates')).body).toEqual({ context: 'Gates', level: 'info', overriddenUntil: null });
  });

  test('/loggers changes a level for 15 minutes unless told otherwise, and reverts it at once when told', async () => {
    const { ask } = await anApplication();
    const changed = await ask('PUT /loggers/root', { level: 'trace' });
    expect(changed.body['overriddenUntil']).toEqual('2026-01-31T12:15:00.000Z');

    expect((await ask('PUT /loggers/root', { level: null })).body).toMatchObject({
      level: 'info',
      overriddenUntil: null,
    });
  });

  test.each<[string, unknown, number]>([
    ['a level that there is not', { level: 'verbose' }, 422],
    ['more than an hour', { level: 'debug', ttlSeconds: 3601 }, 422],
    ['a key that it does not know', { level: 'debug', until: 'noon' }, 422],
    ['no level', {}, 422],
    ['what is no JSON', '{', 400],
  ])('/loggers refuses %s', async (_, body, status) => {
    const { operations, ask } = await anApplication();

    expect(await ask('PUT /loggers/root', body)).toMatchObject({ status, body: { status } });
    expect(operations.get(ServiceLog).levels.overrides).toBe(0);
  });

  test('/loggers does not invent a context', async () => {
    expect((await (await anApplication()).ask('PUT /loggers/Gatez', { level: 'debug' })).status).toBe(404);
  });

  test('/drain takes the instance out of service and puts it back', async () => {
    const { operations, ask } = await anApplication();
    operations.get(ProcessPhase).apply('started');
    expect(await ask('POST /drain')).toMatchObject({ status: 202, body: { reasons: ['maintenance'] } });
    expect((await ask('GET /readyz')).status).toBe(503);

    expect(await ask('DELETE /drain')).toMatchObject({ status: 202, body: { status: 'ready' } });
    expect((await ask('GET /readyz')).status).toBe(200);
  });

  test.each(['nothing', 'all', 'constructor', '__proto__'])('/health/%s is no group', async (group) => {
    const { ask } = await anApplication();

    expect(await ask(`GET /health/${group}`)).toMatchObject({ status: 404 });
  });

  test('/health tells details to whoever has the token', async () => {
    const { operations, ask } = await anApplication();
    operations.get(ProcessPhase).apply('started');
    operations
      .get(HealthChecks)
      .register({ name: 'redis', required: false, check: () => new Promise(() => undefined) });
    const at = new Date();
    const isDown = { isUp: false, latencyMs: 7, code: 'ECONNREFUSED', at };
    for (const sample of [isDown, isDown]) operations.get(HealthChecks).states()[0]?.record(sample);

    expect((await ask('GET /health', undefined, '')).body).toEqual({ status: 'degraded' });
    expect((await ask('GET /health/dependencies')).body).toEqual({
      status: 'degraded',
      checks: [
        {
          name: 'redis',
          required: false,
          status: 'down',
          latencyMs: 7,
          checkedAt: at.toISOString(),
          since: at.toISOString(),
          code: 'ECONNREFUSED',
        },
      ],
    });
    expect((await ask('GET /health/readiness')).body).toEqual({ status: 'degraded', checks: [] });
  });

  test('/health tells no details where OPS_MAX_ACCESS is none', async () => {
    const { ask } = await anApplication({ OPS_MAX_ACCESS: 'none' });

    expect((await ask('GET /health/readiness')).body).toEqual({ status: 'down' });
  });

  test('a defect is a 500 that tells nothing, is counted, and is an unexpected error', async () => {
    const { operations, ask } = await anApplication();
    operations.get(Reports).register('jobs', 'broken', () => Promise.reject(new Error('canary')));
    const answer = await ask('GET /jobs');

    expect(answer).toMatchObject({ status: 500, body: { type: 'urn:plimsoll:problem:internal-error' } });
    expect(JSON.stringify(answer.body)).not.toContain('canary');
    expect([...operations.get(OpsCounts).values()]).toContainEqual({
      labels: { path: '/jobs', status_code: '500' },
      value: 1,
    });
    expect(operations.get(UnexpectedErrors).counts.logged).toBe(1);
  });

  test('what is refused before it is known what for is counted and audited too', async () => {
    const { operations, ask, audited } = await anApplication();
    expect((await ask('POST /drain', 'x'.repeat(20_000))).status).toBe(413);
    const asked = await operations.inject({ url: '/livez', headers: { host: 'evil.example' } });

    expect(asked.statusCode).toBe(421);
    expect(audited).toEqual(['drain.post 413', 'livez.get 421']);
    const counted = [...operations.get(OpsCounts).values()].map(({ labels }) => labels);
    expect(counted).toEqual([
      { path: '/drain', status_code: '413' },
      { path: '/livez', status_code: '421' },
    ]);
  });

  test('/jobs, /caches and /migrations tell what features report', async () => {
    const { operations, ask } = await anApplication();
    operations.get(Reports).register('jobs', 'hold timeouts', async () => ({ lastRunAt: null }));

    expect((await ask('GET /jobs')).body).toEqual({ jobs: [{ name: 'hold timeouts', lastRunAt: null }] });
    expect((await ask('GET /caches')).body).toEqual({ caches: [] });
  });

  test('/mappings tells what is served where', async () => {
    const { operations, ask } = await anApplication();
    operations.get(Mappings).add(['GET', 'HEAD'], '/v1/services');
    const { body } = await ask('GET /mappings');

    expect(body['main']).toEqual([
      { method: 'GET', path: '/v1/services' },
      { method: 'HEAD', path: '/v1/services' },
    ]);
    expect(body['operations']).toContainEqual({ method: 'POST', path: '/drain', access: 'write' });
  });

  test('a token that has changed is the one that counts', async () => {
    const { operations, ask } = await anApplication();
    operations.get(Secrets).replace({ ...operations.get<Settings>(SETTINGS), opsToken: 'another' });

    expect((await ask('GET /config')).status).toBe(401);
    expect((await ask('GET /config', undefined, 'Bearer another')).status).toBe(200);
  });

  test('who writes, and who is refused, is told for the audit', async () => {
    const { ask, audited } = await anApplication({ OPS_MAX_ACCESS: 'read' });
    await ask('GET /readyz');
    await ask('POST /drain');
    await ask('GET /config', undefined, 'Bearer wrong');

    expect(audited).toEqual(['drain.post 403', 'config.get 401']);
  });
});
