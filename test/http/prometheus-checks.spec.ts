import { aHost } from '../support/a-host.js';
import {
  aPrometheus,
  aPrometheusCheck,
  aQueryGate,
  type FakePrometheus,
  type QueryAnswer,
} from '../support/a-prometheus.js';
import { startApplication, type TestApplication } from '../support/application.js';
import { eventually } from '../support/eventually.js';
import { aDeployment, aRelease, aSlot } from '../support/fixtures.js';

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

const verdictOf = (id: string) =>
  eventually(async () => {
    const { body } = await app.request('GET', `/v1/deployments/${id}/verdict`);
    expect(body.verdict).not.toBe('pending');
    return body;
  }, 20_000);

/** What comes of a deployment behind a gate with this one check. */
async function judged(check: object, gate: object = {}) {
  const slot = await aSlot(app, { gate: aQueryGate({ checks: [aPrometheusCheck(check)], ...gate }) });
  const { id } = await aDeployment(app, { ...slot, state: 'verifying' });
  const { verdict, reasons } = await verdictOf(id);
  return { id, verdict: `${verdict} ${reasons[0].code}`, detail: reasons[0].detail };
}

/** What one measurement of the check reads, with the release that runs. */
async function measuredOnce(check: object = {}) {
  const slot = await aSlot(app, { gate: aQueryGate({ checks: [aPrometheusCheck({ query: 'errors', ...check })] }) });
  const { status, body } = await app.request('POST', `${slot.path}/gate/dry-run`, { body: {} });
  expect(status).toBe(200);
  return body.checks[0];
}

/** As it is frozen into a run, with nothing left open. */
async function firstCheckPlanned(bakeSeconds: number): Promise<object | undefined> {
  const check = aPrometheusCheck({ initialDelaySeconds: undefined, intervalSeconds: undefined });
  const slot = await aSlot(app, { gate: aQueryGate({ bakeSeconds, checks: [check] }) });
  const { id } = await aDeployment(app, { ...slot, state: 'verifying' });
  const [run] = await app.database.read((handle) =>
    handle.query<{ plan: { checks: object[] } }[]>('select plan from gate_runs where deployment_id = $1', [id]),
  );
  return run?.plan.checks[0];
}

describe('a Prometheus check', () => {
  it.each<[QueryAnswer, object, string]>([
    [0.001, {}, 'promote all-checks-passed'],
    [0.5, {}, 'rollback check-failed'],
    ['+Inf', {}, 'rollback check-failed'],
    ['-Inf', {}, 'promote all-checks-passed'],
    ['+Inf', { expect: [{ field: 'value', op: 'gt', value: 5 }] }, 'promote all-checks-passed'],
    [[], {}, 'hold no-evidence'],
    ['NaN', {}, 'hold no-evidence'],
    ['NaN', { onNoData: 'pass' }, 'promote all-checks-passed'],
    [[], { onNoData: 'fail' }, 'rollback check-failed'],
    [[0.001, 0.002], {}, 'hold check-error'],
    [{ status: 503, body: {} }, {}, 'hold check-error'],
  ])('that is answered %j, with %j, leads to %s', async (answer, check, expected) => {
    prometheus.answer('errors', answer);
    expect((await judged(check)).verdict).toBe(expected);
  });

  it('asks for the instant at which it is due, with the values of what is deployed', async () => {
    prometheus.answer('errors', 0);
    const slot = await aSlot(app, {
      hosts: [{ name: 'a', url: 'http://127.0.0.1:1' }],
      gate: aQueryGate({
        checks: [
          aPrometheusCheck({
            query:
              'errors{v="{release.version}",d="{release.digest}",s="{service}",e=~"{environment}",h="{host.name}"}',
          }),
        ],
      }),
    });
    const { digest } = await aRelease(app, { service: slot.service, version: '1.4"} or up{a="2' });
    const { id } = await aDeployment(app, { ...slot, digest, state: 'verifying' });
    expect((await verdictOf(id)).verdict).toBe('promote');
    const { body } = await app.request('GET', `/v1/deployments/${id}/measurements`);
    const dueAt = body.items.map((item: { dueAt: string }) => Date.parse(item.dueAt)).toReversed();
    const { service, environment } = slot;
    expect(prometheus.asked.map(({ query, atMs }) => [query, Math.round(atMs ?? 0)])).toEqual(
      dueAt.map((at: number) => [
        `errors{v="1.4\\"} or up{a=\\"2",d="${digest}",s="${service}",e=~"${environment}",h="a"}`,
        at,
      ]),
    );
    expect(body.items[0]).toMatchObject({ check: 'error-ratio', host: 'a', outcome: 'pass', value: 0 });
  });

  it('has no host unless its query speaks of one', async () => {
    prometheus.answer('errors', '+Inf');
    const { id } = await judged({ expect: [{ field: 'value', op: 'gt', value: 1 }] });
    const { body } = await app.request('GET', `/v1/deployments/${id}/measurements`);
    expect(body.items).toMatchObject([
      // JSON has no infinities.
      { host: null, n: 1, outcome: 'pass', value: null, detail: 'value was +Inf' },
      { host: null, n: 0 },
    ]);
  });

  it('has no data below 20 requests, or as many as it is told', async () => {
    prometheus.answer('requests', 19);
    prometheus.answer('errors', 0.5);
    const minRequests = { query: 'requests{service="{service}"}' };
    expect(await measuredOnce({ minRequests })).toMatchObject({
      outcome: 'no_data',
      detail: '19 requests, 20 are needed',
      read: { requests: 19 },
    });
    expect(prometheus.asked.map(({ query }) => query)).toEqual([expect.stringMatching(/^requests\{service="service-/)]);
    const told = { minRequests: { ...minRequests, atLeast: 19 } };
    expect(await measuredOnce(told)).toMatchObject({ outcome: 'fail', value: 0.5, read: { requests: 19, value: 0.5 } });
  });

  it.each<[QueryAnswer, string]>([
    [[], 'no_data'],
    ['NaN', 'no_data'],
    [[1, 2], 'error'],
    [{ status: 400, body: {} }, 'error'],
  ])('whose minRequests is answered %j is %s', async (answer, outcome) => {
    prometheus.answer('requests', answer);
    expect(await measuredOnce({ minRequests: { query: 'requests' } })).toMatchObject({ outcome });
  });

  it('is compared with the last promoted runs at the end of the bake', async () => {
    const slot = await aSlot(app, {
      gate: aQueryGate({ checks: [aPrometheusCheck({ expect: [], baseline: { factor: 1.2, runs: 1 } })] }),
    });
    const deployed = async (value: number) => {
      prometheus.answer('errors', value);
      const { id } = await aDeployment(app, { ...slot, state: 'verifying' });
      const { verdict, reasons } = await verdictOf(id);
      if (verdict === 'hold') await app.request('POST', `/v1/deployments/${id}/decision`, { body: decision });
      return `${verdict}: ${reasons[0].detail}`;
    };
    const decision = { decision: 'promote', reason: 'the first of its kind' };
    expect([await deployed(10), await deployed(11), await deployed(14)]).toEqual([
      expect.stringMatching(/^hold: the slot has fewer than 1 promoted runs/),
      expect.stringMatching(/^promote: /),
      expect.stringMatching(/^rollback: the mean 14 is not lte 1.2 × 11/),
    ]);
  });

  it('is first due after 60 s, or half of the bake, and then every 30 s with a timeout of 10 s', async () => {
    const usual = { intervalMs: 30_000, timeoutMs: 10_000 };
    expect(await firstCheckPlanned(600)).toMatchObject({ ...usual, initialDelayMs: 60_000 });
    expect(await firstCheckPlanned(90)).toMatchObject({ ...usual, initialDelayMs: 45_000 });
  });

  it('only advises in a rollback, unless no other check is required', async () => {
    await using host = await aHost({ '/readyz': {} });
    const ready = { name: 'ready', type: 'http', url: '{host.url}/readyz', intervalSeconds: 1 };
    const others = [{ ...ready, expect: [{ field: 'status', op: 'eq', value: 200 }] }];
    const rolledBack = async (checks: object[]) => {
      prometheus.answer('errors', 0);
      const slot = await aSlot(app, { hosts: [host], gate: { ungated: 'a test' } });
      const good = await aRelease(app, { service: slot.service });
      await aDeployment(app, { ...slot, digest: good.digest, state: 'verifying' });
      await aDeployment(app, { ...slot, state: 'verifying' });
      await app.request('PUT', `${slot.path}/gate`, { body: aQueryGate({ bakeSeconds: 2, checks }) });
      prometheus.answer('errors', 0.5);
      const { body } = await app.request('POST', `${slot.path}/rollback`, {
        headers: { 'idempotency-key': slot.path },
        body: { reason: 'a test', to: good.digest },
      });
      await app.request('POST', `/v1/deployments/${body.id}/deployed`, { body: { fence: body.fence } });
      return (await verdictOf(body.id)).verdict;
    };
    expect(await rolledBack([...others, aPrometheusCheck()])).toBe('promote');
    expect(await rolledBack([aPrometheusCheck()])).toBe('rollback');
  });

  it('is refused with a query that a value could change, by its place', async () => {
    const { path } = await aSlot(app, { gate: null });
    const put = async (check: object) => {
      const { status, body } = await app.request('PUT', `${path}/gate`, {
        body: aQueryGate({ checks: [aPrometheusCheck(check)] }),
      });
      return [status, body.errors?.[0].pointer, body.errors?.[0].detail];
    };
    expect(await put({ query: 'errors{service}' })).toEqual([
      422,
      '/checks/0/query',
      '{service} stands outside of a quoted string',
    ]);
    expect(await put({ minRequests: { query: 'errors{a=`{service}`}' } })).toEqual([
      422,
      '/checks/0/minRequests/query',
      '{service} stands between backticks, where nothing can be escaped',
    ]);
    expect(await put({ expect: [{ field: 'status', op: 'eq', value: 1 }] })).toEqual([
      422,
      '/checks/0/expect/0/field',
      'is no field of prometheus checks',
    ]);
    expect((await put({}))[0]).toBe(200);
  });

  it('is in the OpenAPI document where there is a Prometheus', async () => {
    const { body } = await app.request('GET', '/openapi.json', { token: null });
    expect(body.components.schemas.GateSpecification.properties.checks.items.oneOf).toEqual([
      { $ref: '#/components/schemas/HttpCheck' },
      { $ref: '#/components/schemas/PrometheusCheck' },
    ]);
  });
});
