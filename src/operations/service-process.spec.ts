import { jest } from '@jest/globals';
import { loadConfiguration } from './config/load-settings.js';
import { OpsResponder } from './listener/ops-responder.js';
import { ServiceProcess } from './service-process.js';

const environment = {
  APP_ENV: 'test',
  DATABASE_URL: 'postgres://app:canary-password@db/plimsoll',
  OPS_TOKEN: 'canary-ops-token',
  OPS_MAX_ACCESS: 'write',
  LOG_LEVEL: 'info',
};

function aProcess(changes: Record<string, string> = {}) {
  const service = new ServiceProcess(loadConfiguration({ ...environment, ...changes }));
  const guarded: string[] = [];
  const responder = new OpsResponder(service.opsRoutes, service.guard, {
    onAnswer: () => undefined,
    onGuarded: ({ method, path, status }) => guarded.push(`${method} ${path} ${status}`),
    onError: (_path, error) => {
      throw error;
    },
  });
  const ask = async (call: string, body?: unknown, authorization = 'Bearer canary-ops-token') => {
    const [method = '', url = ''] = call.split(' ');
    const headers = { authorization, 'content-type': 'application/json' };
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const answer = await responder.respond({ method, url, headers, body: text ?? '' });
    return { status: answer.status, body: answer.body as Record<string, unknown> };
  };
  return { service, ask, guarded };
}

describe('the operations endpoints', () => {
  beforeEach(() => jest.useFakeTimers({ now: Date.parse('2026-01-31T12:00:00Z') }));
  afterEach(() => jest.useRealTimers());

  test('/config tells every setting and its source, and of a secret that there is one', async () => {
    const { body } = await aProcess().ask('GET /config');

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
    const { service, ask } = aProcess();
    service.log.levels.allows('info', 'Gates');
    const changed = await ask('PUT /loggers/Gates', { level: 'debug', ttlSeconds: 60 });

    expect(changed).toEqual({
      status: 200,
      body: { context: 'Gates', level: 'debug', overriddenUntil: new Date('2026-01-31T12:01:00Z') },
    });
    expect((await ask('GET /loggers')).body['loggers']).toContainEqual(changed.body);
    jest.advanceTimersByTime(60_000);
    expect((await ask('GET /loggers/Gates')).body).toEqual({ context: 'Gates', level: 'info', overriddenUntil: null });
  });

  test('/loggers changes a level for 15 minutes unless told otherwise, and reverts it at once when told', async () => {
    const { ask } = aProcess();
    const changed = await ask('PUT /loggers/root', { level: 'trace' });
    expect(changed.body['overriddenUntil']).toEqual(new Date('2026-01-31T12:15:00Z'));

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
    const { service, ask } = aProcess();

    expect(await ask('PUT /loggers/root', body)).toMatchObject({ status, body: { status } });
    expect(service.log.levels.overrides).toBe(0);
  });

  test('/loggers does not invent a context', async () => {
    expect((await aProcess().ask('PUT /loggers/Gatez', { level: 'debug' })).status).toBe(404);
  });

  test('/drain takes the instance out of service and puts it back', async () => {
    const { service, ask } = aProcess();
    service.phase.apply('started');
    expect(await ask('POST /drain')).toMatchObject({ status: 202, body: { reasons: ['maintenance'] } });
    expect((await ask('GET /readyz')).status).toBe(503);

    expect(await ask('DELETE /drain')).toMatchObject({ status: 202, body: { status: 'ready' } });
    expect((await ask('GET /readyz')).status).toBe(200);
  });

  test.each(['nothing', 'all', 'constructor', '__proto__'])('/health/%s is no group', async (group) => {
    const { ask } = aProcess();

    expect(await ask(`GET /health/${group}`)).toMatchObject({ status: 404 });
  });

  test('/health tells details to whoever has the token', async () => {
    const { service, ask } = aProcess();
    service.phase.apply('started');
    service.healthChecks.register({ name: 'redis', required: false, check: async () => undefined });
    const at = new Date();
    service.healthChecks.states()[0]?.record({ isUp: false, latencyMs: 7, code: 'ECONNREFUSED', at });

    expect((await ask('GET /health', undefined, '')).body).toEqual({ status: 'degraded' });
    expect((await ask('GET /health/dependencies')).body).toEqual({
      status: 'degraded',
      checks: [
        {
          name: 'redis',
          required: false,
          status: 'down',
          latencyMs: 7,
          checkedAt: at,
          since: at,
          code: 'ECONNREFUSED',
        },
      ],
    });
    expect((await ask('GET /health/readiness')).body).toEqual({ status: 'degraded', checks: [] });
  });

  test('/jobs, /caches and /migrations tell what features report', async () => {
    const { service, ask } = aProcess();
    service.reports.register('jobs', 'hold timeouts', async () => ({ lastRunAt: null }));

    expect((await ask('GET /jobs')).body).toEqual({ jobs: [{ name: 'hold timeouts', lastRunAt: null }] });
    expect((await ask('GET /caches')).body).toEqual({ caches: [] });
  });

  test('/mappings tells what is served where', async () => {
    const { service, ask } = aProcess();
    service.mappings.add(['GET', 'HEAD'], '/v1/services');
    const { body } = await ask('GET /mappings');

    expect(body['main']).toEqual([
      { method: 'GET', path: '/v1/services' },
      { method: 'HEAD', path: '/v1/services' },
    ]);
    expect(body['operations']).toContainEqual({ method: 'POST', path: '/drain', access: 'write' });
  });

  test('a token that has changed is the one that counts', async () => {
    const { service, ask } = aProcess();
    service.secrets.replace({ ...service.configuration.settings, opsToken: 'another' });

    expect((await ask('GET /config')).status).toBe(401);
    expect((await ask('GET /config', undefined, 'Bearer another')).status).toBe(200);
  });

  test('who writes, and who is refused, is told for the audit', async () => {
    const { ask, guarded } = aProcess({ OPS_MAX_ACCESS: 'read' });
    await ask('GET /readyz');
    await ask('POST /drain');
    await ask('GET /config', undefined, 'Bearer wrong');

    expect(guarded).toEqual(['POST /drain 403', 'GET /config 401']);
  });
});
