import type { ServerResponse } from 'node:http';
import {
  aPrometheus,
  aPrometheusCheck,
  aQueryGate,
  type FakePrometheus,
  type QueryAnswer,
  vector,
} from '../support/a-prometheus.js';
import { startApplication, type TestApplication } from '../support/application.js';
import { aSlot } from '../support/fixtures.js';

let prometheus: FakePrometheus;
let app: TestApplication;

beforeAll(async () => {
  prometheus = await aPrometheus();
  app = await startApplication({ settings: { prometheusUrl: prometheus.url } });
});
beforeEach(() => prometheus.reset());
afterAll(async () => {
  await app.close();
  await prometheus.close();
});

/** What one measurement of the check reads, with the release that runs. */
async function measuredOnce(check: object = {}) {
  const slot = await aSlot(app, {
    gate: aQueryGate({ checks: [aPrometheusCheck({ query: 'errors', intervalSeconds: 10, ...check })] }),
  });
  const { status, body } = await app.request('POST', `${slot.path}/gate/dry-run`, { body: {} });
  expect(status).toBe(200);
  return body.checks[0];
}

const nested = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
const success = (data: object) => ({ body: { status: 'success', data } });
const oneSample = (sample: object) => success({ resultType: 'vector', result: [sample] });

describe('whatever else Prometheus answers', () => {
  it.each<[string, QueryAnswer, string]>([
    [
      'a refusal',
      { status: 400, body: { status: 'error', errorType: 'bad_data', error: 'parse error' } },
      '400: bad_data: parse error',
    ],
    ['that nobody is let in', { status: 401, body: 'Unauthorized' }, 'answered 401'],
    ['an error page', { status: 502, body: '<html>' }, 'answered 502'],
    [
      'a redirect',
      { status: 302, body: '', headers: { location: 'http://127.0.0.1:1/' } },
      'a redirect (302), which is not followed',
    ],
    ['a failure with the status of a success', { body: { status: 'error', error: 'no' } }, 'answered 200: no'],
    ['no JSON', { body: '{"status":' }, 'no JSON'],
    ['nothing', { status: 204, body: '' }, 'answered 204'],
    ['JSON that is nested deep', { body: `{"status":"success","data":${nested}}` }, 'nested deeper than 64 levels'],
    ['a prototype', { body: '{"__proto__":{"status":"success"}}' }, '"__proto__"'],
    ['a list', { body: [] }, 'no object'],
    ['no data', { body: { status: 'success' } }, 'without data'],
    ['no list', success({ resultType: 'vector', result: {} }), 'without a result'],
    ['a matrix', success({ resultType: 'matrix', result: [] }), 'a matrix'],
    ['a series that is none', success({ resultType: 'vector', result: [null] }), 'a series that is none'],
    ['a series without a value', oneSample({ metric: {} }), 'without a value'],
    ['a histogram', oneSample({ metric: {}, histogram: [1, {}] }), 'a histogram'],
    ['a number where a text belongs', oneSample({ metric: {}, value: [1, 0.001] }), 'a value that is none'],
    ['a text that is no number', oneSample({ metric: {}, value: [1, '0x10'] }), '"0x10", which is no number'],
    ['a number with a hole', oneSample({ metric: {}, value: [1, ''] }), 'which is no number'],
    ['more than there can be', { body: vector(Array.from({ length: 10_000 }, () => 1)) }, 'more than 256 KiB'],
    ['in many pieces', { respond: (response) => void drip(response, 5000) }, 'too many pieces'],
    ['and hangs up', { respond: (response) => response.destroy() }, 'was not reached'],
    [
      'and hangs up in the middle',
      { respond: (response) => void response.write('{', () => response.destroy()) },
      'was not reached',
    ],
  ])('%s is an error, and says so', async (_what, answer, told) => {
    prometheus.answer('errors', answer);
    const measured = await measuredOnce();
    expect([measured.outcome, measured.value]).toEqual(['error', null]);
    expect(measured.detail).toContain(told);
  });

  it.each<[string, QueryAnswer]>([
    ['hangs', { respond: () => undefined }],
    ['drips', { respond: (response) => void drip(response, Infinity) }],
  ])('that %s is an error when the time is up', async (_what, answer) => {
    prometheus.answer('errors', answer);
    expect(await measuredOnce({ timeoutSeconds: 0.2 })).toMatchObject({
      outcome: 'error',
      detail: expect.stringMatching(/^Prometheus did not answer within \d+ ms$/),
    });
  });

  it('names the series where there are several', async () => {
    prometheus.answer('errors', [0.001, 0.5]);
    expect(await measuredOnce()).toMatchObject({
      outcome: 'error',
      detail:
        'the query answered 2 series and has to answer one: {"instance":"host-0"} 0.001; {"instance":"host-1"} 0.5',
      read: { query: 'errors', series: 2, samples: [{ labels: { instance: 'host-0' }, value: 0.001 }, {}] },
    });
  });

  it('is one series where it is a scalar', async () => {
    prometheus.answer('errors', success({ resultType: 'scalar', result: [1, '1e-05'] }));
    expect(await measuredOnce()).toMatchObject({ outcome: 'pass', value: 0.000_01 });
  });

  it('is shown with what Prometheus has against the query', async () => {
    const body = { ...vector([0]), warnings: ['the metric might not be a counter'] };
    prometheus.answer('errors', { body });
    expect((await measuredOnce()).read.warnings).toEqual(['the metric might not be a counter']);
  });
});

/** One byte at a time: all of them soon, or without an end. */
function drip(response: ServerResponse, bytes: number): void {
  if (response.destroyed) return;
  if (bytes === 0) return void response.end();
  const next = (): void => drip(response, bytes - 1);
  response.write(' ', () => (bytes === Infinity ? setTimeout(next, 10) : setImmediate(next)));
}
