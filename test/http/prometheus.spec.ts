import { HealthChecks } from '../../src/operations/health/health-checks.js';
import { OutboundCalls } from '../../src/operations/outbound/outbound-calls.js';
import { aHost, type FakeHost } from '../support/a-host.js';
import { eventually } from '../support/eventually.js';
import { startApplication, type TestApplication } from '../support/application.js';

describe('the check of Prometheus', () => {
  let prometheus: FakeHost;
  let app: TestApplication;
  beforeAll(async () => {
    prometheus = await aHost({ '/prefix/api/v1/query': { body: { status: 'success' } } });
    app = await startApplication({ settings: { prometheusUrl: `${prometheus.url}/prefix` } });
  });
  afterAll(async () => {
    await app.close();
    await prometheus.close();
  });

  const dependency = () => {
    const state = app.nest
      .get(HealthChecks)
      .states()
      .find(({ check }) => check.name === 'prometheus');
    return state!.check;
  };
  const ask = () => dependency().check(new AbortController().signal);

  it('is one of an optional dependency, and asks for what gates ask for: a query', async () => {
    await eventually(ask);
    expect(dependency().required).toBe(false);
  });

  it('fails, with the status, when queries are not answered', async () => {
    prometheus.answer('/prefix/api/v1/query', { status: 503 });
    await eventually(() => expect(ask()).rejects.toMatchObject({ code: 'status_503' }));
  });

  it('leaves a Prometheus alone that is not there', async () => {
    await prometheus.close();
    await Promise.allSettled(Array.from({ length: 5 }, ask));
    await expect(ask()).rejects.toMatchObject({ code: 'circuit_open' });
    expect(app.nest.get(OutboundCalls).states()).toContainEqual({ peer: 'prometheus', state: 'open' });
  });
});
