import { once } from 'node:events';
import { request } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { Writable } from 'node:stream';
import { fastify, type FastifyInstance } from 'fastify';
import { loadSettings } from '../config/load-settings.js';
import { ProcessPhase } from '../lifecycle/process-phase.js';
import { requestContext } from '../logging/request-context.js';
import { ServiceLog } from '../logging/service-log.js';
import { HttpMetrics } from '../metrics/http-metrics.js';
import { RequestDurations } from '../metrics/request-durations.js';
import { MainPort } from './main-port.js';
import { Mappings } from './mappings.js';

const settings = loadSettings({ APP_ENV: 'test', DATABASE_URL: 'postgres://127.0.0.1/plimsoll', LOG_LEVEL: 'info' });

describe('the main port', () => {
  let server: FastifyInstance;
  let service: { phase: ProcessPhase; log: ServiceLog };
  let metrics: HttpMetrics;
  let log: string[];
  /** Resolves when `/slow` or `/held` has begun; the latter is answered when `held` resolves. */
  let slow: PromiseWithResolvers<void>;
  let held: PromiseWithResolvers<void>;

  beforeEach(() => {
    const written: string[] = [];
    log = written;
    slow = Promise.withResolvers();
    held = Promise.withResolvers();
    const stream = new Writable({ write: (chunk, _encoding, done) => done(void written.push(String(chunk))) });
    service = { phase: new ProcessPhase(), log: new ServiceLog(settings, stream) };
    metrics = new HttpMetrics(new RequestDurations([]));
    server = fastify();
    new MainPort(settings, service.phase, service.log, metrics, new Mappings()).attach(server);
    server.get('/livez', async () => ({ status: 'ok' }));
    server.addHook('onRequest', async (call, reply) => {
      if (call.url.startsWith('/private')) return reply.code(401).send();
    });
    server.get('/hello/:name', async () => ({ requestId: requestContext.getStore()?.requestId }));
    server.post('/hello', async () => ({ requestId: requestContext.getStore()?.requestId }));
    server.get('/verdict', { config: { waitsBy: 'wait' } }, async () => 'promote');
    server.get('/held', () => {
      slow.resolve();
      return held.promise;
    });
    server.get('/slow', () => {
      slow.resolve();
      return new Promise(() => undefined);
    });
  });
  afterEach(() => server.close());

  async function lines(): Promise<Array<Record<string, unknown>>> {
    await service.log.destination.flush(1000);
    return log
      .join('')
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  async function series(): Promise<string[]> {
    const { values } = await metrics.durations.get();
    return values
      .filter(({ metricName }) => metricName?.endsWith('_count'))
      .map(({ labels, value }) => `${labels.method} ${labels.route} ${labels.status_code}: ${value}`);
  }

  test('gives every request an id, which is known wherever it goes, and given back', async () => {
    const headers = { 'x-request-id': 'run-77' };
    const answers = [
      await server.inject({ method: 'GET', url: '/hello/you', headers }),
      await server.inject({ method: 'POST', url: '/hello', headers, payload: { a: 1 } }),
    ];

    for (const answer of answers) {
      expect(answer.headers['x-request-id']).toBe('run-77');
      expect(answer.json()).toEqual({ requestId: 'run-77' });
    }
  });

  test('counts by the pattern of the route, so that a thousand random paths are one series', async () => {
    for (let n = 0; n < 1000; n++) await server.inject(`/${crypto.randomUUID()}`);
    await server.inject('/hello/you');
    await server.inject('/hello/me');

    expect(await series()).toEqual(['GET unmatched 404: 1000', 'GET /hello/:name 200: 2']);
  });

  test('counts long polls by a route of their own, and what asks for no time as an ordinary read', async () => {
    for (const query of ['', '?wait=0', '?wait=', '?wait=soon', '?await=1', '?wait=60', '?a=b&wait=0.5']) {
      await server.inject(`/verdict${query}`);
    }

    expect(await series()).toEqual(['GET /verdict 200: 5', 'GET /verdict?wait 200: 2']);
  });

  test('counts and logs what a later hook refuses', async () => {
    await server.inject('/private?token=canary');

    expect(await series()).toEqual(['GET unmatched 401: 1']);
    expect(await lines()).toMatchObject([{ path: '/private', route: 'unmatched', status: 401, context: 'Request' }]);
    expect(log.join()).not.toContain('canary');
  });

  test('writes lines that are JSON whatever is in the path, and not longer than they have to be', async () => {
    await server.inject(`/"%0a${'x'.repeat(3000)}`);
    const [line] = await lines();

    expect(line?.['path']).toHaveLength(512);
  });

  test('logs nothing of probes, and counts them', async () => {
    expect((await server.inject('/livez?verbose')).statusCode).toBe(200);
    expect((await server.inject({ method: 'POST', url: '/livez' })).statusCode).toBe(404);

    expect(await lines()).toHaveLength(1);
    expect(await series()).toContain('GET /livez 200: 1');
  });

  test('sends every client away while draining, and nobody before', async () => {
    service.phase.apply('started');
    expect((await server.inject('/hello/you')).headers.connection).toBe('keep-alive');

    service.phase.apply('signal');
    for (const path of ['/hello/you', '/private', '/nowhere', '/livez']) {
      expect((await server.inject(path)).headers.connection).toBe('close');
    }
  });

  test('sends away whom it has not answered yet when draining begins', async () => {
    service.phase.apply('started');
    const answer = server.inject('/held');
    await slow.promise;
    service.phase.apply('signal');
    held.resolve();

    expect((await answer).headers.connection).toBe('close');
  });

  test('notices every request of a client that goes away, also those that wait for their turn', async () => {
    await server.listen({ port: 0, host: '127.0.0.1' });
    const { port } = server.server.address() as AddressInfo;
    const connection = once(server.server, 'connection');
    const client = connect(port, '127.0.0.1');
    client.write('GET /slow HTTP/1.1\r\nHost: a\r\n\r\nGET /hello/you HTTP/1.1\r\nHost: a\r\n\r\n');
    await slow.promise;
    const [socket] = (await connection) as [Socket];
    client.destroy();
    await once(socket, 'close');

    expect(metrics).toMatchObject({ active: 0, aborted: 2 });
  });

  test('notices clients that go away, once each', async () => {
    await server.listen({ port: 0, host: '127.0.0.1' });
    const { port } = server.server.address() as AddressInfo;
    const connection = once(server.server, 'connection');
    const client = request({ port, path: '/slow' }).on('error', () => undefined);
    client.end();
    await slow.promise;
    expect(metrics.active).toBe(1);
    const [socket] = (await connection) as [Socket];
    client.destroy();
    await once(socket, 'close');

    expect(metrics).toMatchObject({ active: 0, aborted: 1 });
    expect(await lines()).toMatchObject([{ route: '/slow', status: null, aborted: true }]);
    expect(await series()).toEqual([]);
  });
});
