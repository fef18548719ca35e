import { jest } from '@jest/globals';
import { aHost, type FakeHost } from '../support/a-host.js';
import { FakeCollector, type ReceivedSpan } from '../support/an-otlp-collector.js';
import { FakeUnleash } from '../support/an-unleash.js';
import { aBakingDeployment, ADMIN_TOKEN, ask, GOOD } from '../support/baking-deployment.js';
import { type Program, startProgram, until } from '../support/program.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

// Each starts a program, some two.
jest.setTimeout(90_000);

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const callerId = '00f067aa0ba902b7';
const sampled = { traceparent: `00-${traceId}-${callerId}-01` };
const unsampled = { traceparent: `00-${traceId}-${callerId}-00` };

/** Tells on standard error who loads OpenTelemetry from outside of it. */
const tellTale = `import { registerHooks } from 'node:module';
registerHooks({ resolve(specifier, context, next) {
  const found = next(specifier, context);
  const [, name] = /@opentelemetry\\/([\\w-]+)/.exec(found.url) ?? [];
  if (name && !/@opentelemetry/.test(context.parentURL)) process.stderr.write('LOADED ' + name + ' BY ' + context.parentURL + '\\n');
  return found;
} });`;

/** The slot of a deployment that bakes is busy. */
async function ownDatabase() {
  const { url, drop } = await createTestDatabase();
  return { url, [Symbol.asyncDispose]: drop };
}

describe('tracing of the built program', () => {
  let database: TestDatabase;
  let collector: FakeCollector;
  let program: Program;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  beforeEach(async () => {
    collector = await FakeCollector.start();
  });
  afterEach(async () => {
    await program.kill();
    await collector.goAway();
  });
  afterAll(() => database.drop());

  async function aReadyProgram(settings: Record<string, string> = collector.settings): Promise<void> {
    program = await startProgram({ DATABASE_URL: database.url, BOOTSTRAP_ADMIN_TOKEN: ADMIN_TOKEN, ...settings });
    await program.untilReady();
  }

  async function get(path: string, headers: Record<string, string> = {}): Promise<number> {
    const response = await fetch(program.url + path, {
      headers: { authorization: `Bearer ${ADMIN_TOKEN}`, ...headers },
    });
    await response.text();
    return response.status;
  }

  const metrics = async (accept = '*/*') => (await fetch(`${program.opsUrl}/metrics`, { headers: { accept } })).text();
  const spansOf = (id: string) => collector.spans.filter((span) => span.traceId === id);
  const span = (what: string, isIt: (span: ReceivedSpan) => boolean): Promise<ReceivedSpan> =>
    until(what, async () => collector.spans.find(isIt) ?? null);
  const requestOf = (id: string) => span('the request', (one) => one.traceId === id && one.kind === 'server');

  test('puts a request under the span of its caller, and its statements under the request', async () => {
    await aReadyProgram();
    await get('/v1/services?limit=1', { ...sampled, tracestate: 'vendor=1' });
    const request = await requestOf(traceId);

    expect(request).toMatchObject({
      parentSpanId: callerId,
      traceState: 'vendor=1',
      name: 'GET /v1/services',
      attributes: {
        'http.request.method': 'GET',
        'http.route': '/v1/services',
        'url.path': '/v1/services',
        'http.response.status_code': 200,
      },
      resource: { 'service.name': 'plimsoll', 'service.version': expect.any(String) },
    });
    expect(spansOf(traceId)).toContainEqual(
      expect.objectContaining({ parentSpanId: request.spanId, kind: 'client', name: 'select services' }),
    );
  });

  test('records what the caller records, and nothing that it does not, whatever the share of its own', async () => {
    await aReadyProgram({ ...collector.settings, OTEL_TRACES_SAMPLER_ARG: '0' });
    await get('/v1/services');
    await get('/v1/services', sampled);
    await requestOf(traceId);
    program.signal('SIGTERM');
    expect(await program.exit()).toBe(0);
    expect(collector.spans.filter(({ kind }) => kind === 'server')).toHaveLength(1);

    await aReadyProgram({ ...collector.settings, OTEL_TRACES_SAMPLER_ARG: '1' });
    collector.spans.length = 0;
    await get('/v1/services', unsampled);
    await get('/v1/environments');
    program.signal('SIGTERM');
    expect(await program.exit()).toBe(0);
    const requests = collector.spans.filter(({ kind }) => kind === 'server');
    expect(requests.map(({ name }) => name)).toEqual(['GET /v1/environments']);
    expect(spansOf(traceId)).toEqual([]);
    // The line of a request that is not recorded leads to the trace of whoever records it.
    const line = program.log.find(({ msg, requestId }) => msg === 'request' && requestId === traceId);
    expect(line).toMatchObject({ trace_id: traceId, span_id: expect.stringMatching(/^[0-9a-f]{16}$/) });
  });

  test('names trace and span in the lines of a request, and in exemplars of its duration', async () => {
    await aReadyProgram();
    await ask(program, 'PUT', '/v1/services/exemplary', {});
    const request = await span('the PUT', ({ name }) => name === 'PUT /v1/services/:service');
    const ids = { trace_id: request.traceId, span_id: request.spanId };
    await until('the line', async () => program.log.find(({ msg }) => msg === 'request') ?? null);
    const lines = program.log.filter(({ trace_id }) => trace_id === request.traceId);

    expect(lines).toContainEqual(expect.objectContaining({ msg: 'request', ...ids }));
    const open = await metrics('application/openmetrics-text;version=1.0.0,text/plain;q=0.5');
    const exemplar = `# {trace_id="${ids.trace_id}",span_id="${ids.span_id}"}`;
    expect(open.split('\n').filter((line) => line.includes(exemplar))).toEqual([
      expect.stringMatching(/^http_server_request_duration_seconds_bucket{.*route="\/v1\/services\/:service"/),
    ]);
    expect(open).toMatch(/^# TYPE http_server_aborted_requests counter\nhttp_server_aborted_requests_total 0$/m);
    expect(open.endsWith('# EOF\n')).toBe(true);
    // Asked for in the other format afterwards, it is the same as ever.
    const plain = await metrics();
    expect(plain).toMatch(/^# TYPE http_server_aborted_requests_total counter\nhttp_server_aborted_requests_total 0$/m);
    expect(plain).not.toContain('trace_id');
  });

  test('sends at shutdown what it still has', async () => {
    await aReadyProgram({ ...collector.settings, OTEL_BSP_SCHEDULE_DELAY: '60000' });
    await get('/v1/services', sampled);
    program.signal('SIGTERM');

    expect(await program.exit()).toBe(0);
    expect(spansOf(traceId).map(({ name }) => name)).toContain('GET /v1/services');
  });

  test.each([
    ['refuses connections', async () => collector.goAway()],
    ['never answers', async () => void (collector.hangs = true)],
    ['refuses spans', async () => void (collector.refusesWith = 400)],
  ])('serves and ends as ever when the collector %s', async (_what, harm) => {
    await harm();
    await aReadyProgram({ ...collector.settings, OTEL_EXPORTER_OTLP_TIMEOUT: '300', SHUTDOWN_DEADLINE_MS: '4000' });
    for (let n = 0; n < 100; n += 1) expect(await get('/v1/services')).toBe(200);
    await until('a failed export', async () => (/outcome="failed"} [1-9]/.test(await metrics()) ? true : null));
    await get('/v1/services');
    program.signal('SIGTERM');

    expect(await program.exit()).toBe(0);
    const told = program.log.filter(({ context }) => context === 'Tracing');
    expect(told).toEqual([
      expect.objectContaining({ level: 'warn', msg: expect.stringContaining('cannot be exported') }),
    ]);
  });

  test('makes each measurement of a gate a trace of its own, which the host hears of', async () => {
    const host: FakeHost = await aHost({ '/info': { body: { imageDigest: GOOD } }, '/readyz': {} });
    await aReadyProgram({ ...collector.settings, PROBE_ALLOW: '127.0.0.1' });
    const id = await aBakingDeployment(program, host, 5);
    const measurement = await span('a measurement', ({ name }) => name === 'gate measurement');
    const look = await span('a look', ({ name }) => name === 'gate identity');
    const probe = await span('its probe', ({ parentSpanId }) => parentSpanId === measurement.spanId);
    const heard = host.headersAt('/readyz')?.['traceparent'];
    await host.close();

    expect(measurement).toMatchObject({ parentSpanId: '', isError: false });
    expect(measurement.attributes).toMatchObject({
      'plimsoll.deployment.id': id,
      'plimsoll.check.name': 'ready',
      'plimsoll.host': 'a',
      'plimsoll.outcome': 'pass',
    });
    expect(program.log.find(({ event }) => event === 'create')).toMatchObject({ trace_id: expect.any(String) });
    expect(look.traceId).not.toBe(measurement.traceId);
    expect(probe).toMatchObject({
      kind: 'client',
      attributes: { 'peer.service': 'probes', 'url.full': `${host.url}/readyz` },
    });
    const [, ofTrace, ofSpan, flags] = String(heard).split('-');
    const heardOf = await span('what the host heard of', ({ spanId }) => spanId === ofSpan);
    expect({ ofTrace, flags }).toEqual({ ofTrace: heardOf.traceId, flags: '01' });
  });

  test('makes each run of a job a trace of its own, with its statements below it', async () => {
    await aReadyProgram();
    const job = await span('a job whose statements are there', ({ name, spanId }) => {
      return (
        name === 'job sinks' && collector.spans.some((one) => one.parentSpanId === spanId && one.kind === 'client')
      );
    });

    expect(job).toMatchObject({ parentSpanId: '', kind: 'internal', isError: false });
  });

  test('tells Unleash and Prometheus of the trace, and leaves a host alone whose measurement it does not record', async () => {
    const unleash = await FakeUnleash.start();
    await using own = await ownDatabase();
    const host = await aHost({ '/api/v1/query': {}, '/info': { body: { imageDigest: GOOD } }, '/readyz': {} });
    await aReadyProgram({
      ...collector.settings,
      DATABASE_URL: own.url,
      OTEL_TRACES_SAMPLER: 'parentbased_always_off',
      PROBE_ALLOW: '127.0.0.1',
      UNLEASH_URL: unleash.url,
      UNLEASH_TOKEN: unleash.token,
      PROMETHEUS_URL: host.url,
    });
    await aBakingDeployment(program, host, 2);
    const asked = await until('a query', async () => host.headersAt('/api/v1/query') ?? null);
    const heard = [asked['traceparent'], await until('a poll', async () => unleash.traceparents[0] ?? null)];
    await host.close();
    await unleash.goAway();

    for (const header of heard) expect(header).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
    expect(host.headersAt('/readyz')).toBeDefined();
    expect(host.headersAt('/readyz')).not.toHaveProperty('traceparent');
  });

  test('shows the collector its headers, and no secret, header, query or parameter in a span', async () => {
    const headers = 'authorization=Bearer%20canary-of-the-collector';
    await aReadyProgram({
      ...collector.settings,
      OTEL_EXPORTER_OTLP_HEADERS: headers,
      OPS_TOKEN: 'canary-of-operations',
    });
    const secrets = { 'x-canary': 'canary-header', 'user-agent': 'canary-agent', cookie: 'a=canary-cookie' };
    await get('/v1/deployments?externalId=canary-query&service=canary-parameter', { ...sampled, ...secrets });
    await get('/v1/services?canary-unknown=1', { ...secrets, authorization: 'Bearer canary-token' });
    // In a path it was logged as well: whoever puts a known secret there finds it redacted in both.
    await get('/v1/canary-of-operations', sampled);
    await ask(program, 'PUT', '/v1/services/canaries', { owner: 'canary-body' }).catch(() => undefined);
    await requestOf(traceId);
    program.signal('SIGTERM');
    expect(await program.exit()).toBe(0);
    const text = Buffer.concat(collector.bodies).toString('latin1');

    expect(collector.headers[0]).toMatchObject({ authorization: 'Bearer canary-of-the-collector' });
    expect(text).toContain('/v1/[redacted]');
    expect(text.match(/canary-\w+|plm_\w+/g)).toBeNull();
  });

  test('loads nothing of OpenTelemetry while it is off but what the metrics load', async () => {
    const watched = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(tellTale)}` };
    await aReadyProgram(watched);
    expect(await get('/v1/services', sampled)).toBe(200);
    program.signal('SIGTERM');
    expect(await program.exit()).toBe(0);
    const loaded = () => program.errors.match(/^LOADED .*$/gm) ?? [];
    expect(loaded()).toEqual([expect.stringMatching(/^LOADED api BY .*prom-client.*$/)]);
    expect(program.output).not.toContain('trace_id');

    await aReadyProgram({ ...collector.settings, ...watched, OTEL_SDK_DISABLED: 'true' });
    expect(loaded()).toHaveLength(1);
    await program.kill();
    await aReadyProgram({ ...collector.settings, ...watched });
    expect(loaded()).toContainEqual(expect.stringMatching(/^LOADED sdk-trace BY .*span-export/));
  });
});
