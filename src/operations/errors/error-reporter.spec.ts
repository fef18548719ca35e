import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Histogram } from 'prom-client';
import { loadSettings } from '../config/load-settings.js';
import { SecretValues } from '../logging/secret-values.js';
import { callDurations } from '../outbound/call-durations.js';
import { OutboundCalls } from '../outbound/outbound-calls.js';
import { ErrorReporter } from './error-reporter.js';

const settings = loadSettings({
  APP_ENV: 'test',
  DATABASE_URL: 'postgres://plimsoll:canary-password@db/plimsoll',
  OPS_TOKEN: 'canary-ops-token',
});

const redact = (sent: string) => new SecretValues(settings).redact(sent);

interface Arrival {
  url: string | undefined;
  auth: unknown;
  body: string;
}

describe('reports of errors', () => {
  let server: Server;
  let arrivals: Arrival[];
  let now: number;
  let refusal: { status: number; retryAfter: string } | null;
  let outbound: OutboundCalls;
  let reporter: ErrorReporter;
  beforeEach(async () => {
    arrivals = [];
    now = 0;
    refusal = null;
    server = createServer(async (request, response) => {
      arrivals.push({ url: request.url, auth: request.headers['x-sentry-auth'], body: await text(request) });
      if (refusal) response.writeHead(refusal.status, { 'retry-after': refusal.retryAfter });
      response.end('{}');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const dsn = `http://key@127.0.0.1:${(server.address() as AddressInfo).port}/42`;
    outbound = new OutboundCalls(
      { info: () => undefined, warn: () => undefined },
      new Histogram({ ...callDurations, registers: [] }),
    );
    const peer = outbound.peer('sentry');
    reporter = new ErrorReporter({ dsn, release: 'plimsoll@1.2.3', environment: 'test', redact, peer }, () => now);
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  const sent = () => JSON.parse(arrivals.at(-1)?.body.split('\n')[2] ?? '') as object;

  function report(message: string, fingerprint = message): void {
    reporter.report({ error: new Error(message), fingerprint, kind: 'logged', requestId: 'run-77' });
  }

  test('arrive as events in envelopes', async () => {
    report('the disk is full');
    await reporter.flush(5000);
    const [arrival] = arrivals;

    expect(arrival).toMatchObject({ url: '/api/42/envelope/', auth: expect.stringContaining('sentry_key=key') });
    expect(sent()).toMatchObject({
      level: 'error',
      release: 'plimsoll@1.2.3',
      fingerprint: ['the disk is full'],
      tags: { kind: 'logged', requestId: 'run-77' },
      exception: { values: [{ type: 'Error', value: 'the disk is full', mechanism: { handled: true } }] },
    });
  });

  test('tell of the causes, the first one first, and of the innermost call last', async () => {
    const error = new Error('not saved', { cause: new TypeError('no disk') });
    reporter.report({ error, fingerprint: 'f', kind: 'logged' });
    await reporter.flush(5000);

    const frames = expect.arrayContaining([expect.objectContaining({ filename: expect.stringMatching(/spec\.ts$/) })]);
    expect(sent()).toMatchObject({
      exception: {
        values: [
          { type: 'TypeError', value: 'no disk', stacktrace: { frames } },
          { type: 'Error', value: 'not saved', stacktrace: { frames } },
        ],
      },
    });
  });

  test('end with an error that is its own cause', async () => {
    const error: Error = new Error('round');
    error.cause = error;
    reporter.report({ error, fingerprint: 'f', kind: 'logged' });
    await reporter.flush(5000);

    expect(arrivals).toHaveLength(1);
  });

  test('are held back as long as the tracker asks for', async () => {
    refusal = { status: 429, retryAfter: '120' };
    report('one too many');
    await reporter.flush(5000);
    refusal = null;
    now = 119_000;
    report('too soon');
    await reporter.flush(5000);
    now = 121_000;
    report('welcome');
    await reporter.flush(5000);

    expect(arrivals.map(({ body }) => /"value":"([^"]+)"/.exec(body)?.[1])).toEqual(['one too many', 'welcome']);
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
