import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { loadSettings } from '../config/load-settings.js';
import { SecretValues } from '../logging/secret-values.js';
import { OutboundCalls } from '../outbound/outbound-calls.js';
import { ErrorReporter } from './error-reporter.js';
import { fingerprintOf } from './fingerprint.js';

const settings = loadSettings({
  APP_ENV: 'test',
  DATABASE_URL: 'postgres://plimsoll:canary-password@db/plimsoll',
  OPS_TOKEN: 'canary-ops-token',
});

const redact = (sent: string) => new SecretValues(settings).redact(sent);
const failing = (message: string) => new TypeError(message);

interface Arrival {
  url: string | undefined;
  auth: unknown;
  body: string;
}

describe('reports of errors', () => {
  let server: Server;
  let arrivals: Arrival[];
  let now: number;
  let outbound: OutboundCalls;
  let reporter: ErrorReporter;
  beforeEach(async () => {
    arrivals = [];
    now = 0;
    server = createServer(async (request, response) => {
      arrivals.push({ url: request.url, auth: request.headers['x-sentry-auth'], body: await text(request) });
      response.end('{}');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const dsn = `http://key@127.0.0.1:${(server.address() as AddressInfo).port}/42`;
    outbound = new OutboundCalls({ info: () => undefined, warn: () => undefined });
    const peer = outbound.peer('sentry');
    reporter = new ErrorReporter({ dsn, release: '1.2.3', environment: 'test', redact, peer }, () => now);
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  function report(message: string, fingerprint = message): void {
    reporter.report({ error: new Error(message), fingerprint, kind: 'logged', requestId: 'run-77' });
  }

  test('arrive as events in envelopes', async () => {
    report('the disk is full');
    await reporter.flush(5000);
    const [arrival] = arrivals;
    const event = JSON.parse(arrival?.body.split('\n')[2] ?? '') as object;

    expect(arrival).toMatchObject({ url: '/api/42/envelope/', auth: expect.stringContaining('sentry_key=key') });
    expect(event).toMatchObject({
      level: 'error',
      release: 'plimsoll@1.2.3',
      fingerprint: ['the disk is full'],
      tags: { kind: 'logged', requestId: 'run-77' },
      exception: { values: [{ type: 'Error', value: 'the disk is full' }] },
    });
  });

  test('hold no secret of the settings', async () => {
    report('no connection to postgres://plimsoll:canary-password@db/plimsoll with canary-ops-token');
    await reporter.flush(5000);

    expect(arrivals).toHaveLength(1);
    expect(JSON.stringify(arrivals)).not.toContain('canary');
  });

  test('of one fingerprint come once a minute', async () => {
    for (let n = 0; n < 5; n++) report('again');
    now = 60_000;
    report('again');
    await reporter.flush(5000);

    expect(arrivals).toHaveLength(2);
  });

  test('are at most thirty a minute, however different', async () => {
    for (let n = 0; n < 100; n++) report(`number ${n}`);
    await reporter.flush(5000);

    expect(arrivals).toHaveLength(30);
  });

  test('that nobody takes hold nobody up', async () => {
    server.close();
    server.closeAllConnections();
    report('lost');

    await expect(reporter.flush(5000)).resolves.toBeUndefined();
  });

  test('are not even tried once nobody has taken three', async () => {
    server.close();
    for (let n = 0; n < 5; n++) report(`lost ${n}`);
    await reporter.flush(5000);

    expect(outbound.states()).toEqual([{ peer: 'sentry', state: 'open' }]);
    const { values } = await outbound.durations.get();
    expect(values.find(({ metricName }) => metricName?.endsWith('_count'))).toMatchObject({
      labels: { peer: 'sentry', status_class: 'error' },
      value: 3,
    });
  });
});

describe('the fingerprint of an error', () => {
  test('is that of its class and place, not of its message', () => {
    const [one, other] = ['id 1', 'id 2'].map(failing) as [Error, Error];
    expect(fingerprintOf(one)).toBe(fingerprintOf(other));
    expect(fingerprintOf(one)).not.toBe(fingerprintOf(new Error('id 1')));
  });
});
