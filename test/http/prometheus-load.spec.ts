import { aHost } from '../support/a-host.js';
import { aPrometheus, aPrometheusCheck, aQueryGate, type FakePrometheus } from '../support/a-prometheus.js';
import { startApplication, type TestApplication } from '../support/application.js';
import { eventually } from '../support/eventually.js';
import { aDeployment, aSlot } from '../support/fixtures.js';

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

describe('a Prometheus that answers slowly', () => {
  const errors = Array.from({ length: 40 }, (_, n) =>
    aPrometheusCheck({ name: `errors ${n}`, query: `errors_${n}`, timeoutSeconds: 1, required: false }),
  );

  it('holds up no probe, and is asked 16 queries at once at most, 8 of a gate', async () => {
    await using host = await aHost({ '/readyz': {} });
    const ready = { name: 'ready', type: 'http', url: '{host.url}/readyz', intervalSeconds: 1 };
    const others = [{ ...ready, expect: [{ field: 'status', op: 'eq', value: 200 }] }];
    prometheus.answer('errors', { respond: (response) => void setTimeout(() => response.end('{}'), 300) });
    const checks = [...errors, ...others];
    const slots = await Promise.all(
      [1, 2, 3].map(() => aSlot(app, { hosts: [host], gate: aQueryGate({ bakeSeconds: 3, checks }) })),
    );
    const deployments = await Promise.all(slots.map((slot) => aDeployment(app, { ...slot, state: 'verifying' })));
    await eventually(() => expect(prometheus.mostAtOnce).toBe(16), 10_000);
    for (const { id } of deployments) {
      const { body } = await eventually(async () => {
        const answer = await app.request('GET', `/v1/deployments/${id}/measurements?limit=200`);
        expect(answer.body.items.filter(({ check }: { check: string }) => check === 'ready')).toHaveLength(4);
        return answer;
      }, 20_000);
      const probes = body.items.filter(({ check }: { check: string }) => check === 'ready');
      expect(probes.map(({ outcome }: { outcome: string }) => outcome)).toEqual(['pass', 'pass', 'pass', 'pass']);
    }
    expect(prometheus.mostAtOnce).toBe(16);
  }, 60_000);

  it('costs no other check its measurement, however often it fails', async () => {
    prometheus.answer('slow', { respond: () => undefined });
    prometheus.answer('errors', 0);
    const slow = errors
      .slice(0, 6)
      .map(({ name }) =>
        aPrometheusCheck({ name: `slow ${name}`, query: 'slow', timeoutSeconds: 0.1, required: false }),
      );
    const gate = aQueryGate({ bakeSeconds: 3, checks: [...slow, aPrometheusCheck()] });
    const slot = await aSlot(app, { gate });
    const { id } = await aDeployment(app, { ...slot, state: 'verifying' });
    expect((await verdictOf(id)).verdict).toBe('promote');
    const { body } = await app.request('GET', `/v1/deployments/${id}/measurements`);
    const mine = body.items.filter(({ check }: { check: string }) => check === 'error-ratio');
    expect(mine.map(({ outcome }: { outcome: string }) => outcome)).toEqual(['pass', 'pass', 'pass', 'pass']);
  }, 30_000);
});
