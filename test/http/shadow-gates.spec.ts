import { register } from 'prom-client';
import { aHost, type FakeHost } from '../support/a-host.js';
import { startApplication, type TestApplication } from '../support/application.js';
import { eventually } from '../support/eventually.js';
import { aDeployment, aSlot } from '../support/fixtures.js';

let app: TestApplication;
let host: FakeHost;

beforeAll(async () => {
  app = await startApplication();
  host = await aHost();
});
beforeEach(() => host.answer('/readyz', {}));
afterAll(async () => {
  await app.close();
  await host.close();
});

const ready = {
  name: 'ready',
  type: 'http',
  url: '{host.url}/readyz',
  intervalSeconds: 1,
  expect: [{ field: 'status', op: 'eq', value: 200 }],
};
const aGate = (overrides: object = {}) => ({
  shadow: true,
  warmUpSeconds: 0,
  bakeSeconds: 1,
  checks: [ready],
  ...overrides,
});

const verdictOf = (id: string) =>
  eventually(async () => {
    const { body } = await app.request('GET', `/v1/deployments/${id}/verdict`);
    expect(body.verdict).not.toBe('pending');
    return body;
  }, 20_000);

async function verifying(gate: object, hosts: readonly FakeHost[] = [host], body: object = {}) {
  const slot = await aSlot(app, { hosts, gate });
  const { id } = await aDeployment(app, { ...slot, state: 'verifying', body });
  return { slot, id };
}

async function shadowVerdicts(verdict: string): Promise<number> {
  const { values = [] } = (await register.getSingleMetric('gate_shadow_verdicts_total')?.get()) ?? {};
  return values.filter(({ labels }) => labels['verdict'] === verdict).reduce((sum, { value }) => sum + value, 0);
}

/** Whether the runs of the slot count for its baselines. */
async function areBaselines(slot: { service: string }): Promise<boolean[]> {
  const rows = await app.database.read((handle) =>
    handle.query<{ promoted: boolean }[]>(
      'select r.promoted from gate_runs r join deployments d on d.id = r.deployment_id where d.service = $1',
      [slot.service],
    ),
  );
  return rows.map(({ promoted }) => promoted);
}

describe('a shadow gate', () => {
  it('promotes at the failure what it would have rolled back, and says so', async () => {
    host.answer('/readyz', { status: 503 });
    const before = await shadowVerdicts('rollback');
    const { slot, id } = await verifying(aGate({ bakeSeconds: 3600 }), [host], { autoRollback: false });
    const verdict = await verdictOf(id);
    expect(verdict).toMatchObject({
      verdict: 'promote',
      state: 'promoted',
      rollbackTo: null,
      reasons: [{ code: 'shadow', detail: expect.stringContaining('rollback') }],
      shadowVerdict: { verdict: 'rollback', reasons: [{ code: 'check-failed', check: 'ready', host: 'a' }] },
    });
    const { body } = await app.request('GET', `/v1/deployments/${id}`);
    expect(body).toMatchObject({ reason: 'shadow', shadowVerdict: verdict.shadowVerdict });
    const { body: list } = await app.request('GET', `/v1/deployments?service=${slot.service}`);
    expect(list.items).toMatchObject([{ shadowVerdict: verdict.shadowVerdict }]);
    expect(await shadowVerdicts('rollback')).toBe(before + 1);
  });

  it('promotes at the end of the bake what it would have promoted, and has no verdict before', async () => {
    const { id } = await verifying(aGate({ bakeSeconds: 2 }));
    const { body } = await app.request('GET', `/v1/deployments/${id}/verdict`);
    expect(body).toMatchObject({ verdict: 'pending', shadowVerdict: null });
    const verdict = await verdictOf(id);
    expect(verdict).toMatchObject({
      verdict: 'promote',
      reasons: [{ code: 'shadow' }],
      shadowVerdict: { verdict: 'promote', reasons: [{ code: 'all-checks-passed' }] },
      progress: { done: 3, planned: 3 },
    });
  });

  it('promotes at once where there is no host, which it would have held', async () => {
    const { id } = await verifying(aGate(), []);
    const { body } = await app.request('GET', `/v1/deployments/${id}/verdict`);
    expect(body).toMatchObject({
      verdict: 'promote',
      reasons: [{ code: 'shadow' }],
      shadowVerdict: { verdict: 'hold', reasons: [{ code: 'no-evidence' }] },
    });
  });

  it('leaves the running release as it was reported where a host shows another one', async () => {
    host.answer('/info', { body: { imageDigest: `sha256:${'0'.repeat(64)}` } });
    const identity = { url: '{host.url}/info', field: '/imageDigest', consecutive: 1, withinSeconds: 1 };
    const { slot, id } = await verifying(aGate({ identity }));
    expect(await verdictOf(id)).toMatchObject({
      verdict: 'promote',
      shadowVerdict: { verdict: 'rollback', reasons: [{ code: 'wrong-version' }] },
    });
    const { body } = await app.request('GET', slot.path);
    expect(body).toMatchObject({ runningReleaseState: 'known', hosts: [{ drifting: true }] });
  });

  it('is no baseline with a run that it found bad, and is one with a run that it found good', async () => {
    const good = await verifying(aGate());
    await verdictOf(good.id);
    expect(await areBaselines(good.slot)).toEqual([true]);
    host.answer('/readyz', { status: 503 });
    const bad = await verifying(aGate());
    await verdictOf(bad.id);
    expect(await areBaselines(bad.slot)).toEqual([false]);
  });

  it('promotes also where no engine can watch it', async () => {
    const { id } = await verifying(aGate({ warmUpSeconds: 3600 }));
    await app.database.read((handle) =>
      handle.query('update gate_runs set engine_id = null, failures = 3 where deployment_id = $1', [id]),
    );
    expect(await verdictOf(id)).toMatchObject({
      verdict: 'promote',
      reasons: [{ code: 'shadow' }],
      shadowVerdict: { verdict: 'hold', reasons: [{ code: 'no-evidence' }] },
    });
  });

  it.each([
    ['nothing else', { shadow: true }, '/checks'],
    ['no checks', { shadow: true, checks: [] }, '/checks'],
    ['a reason for no gate', { shadow: true, ungated: 'a test' }, '/shadow'],
  ])('is refused with %s', async (_what, gate, pointer) => {
    const { path } = await aSlot(app, { gate: null });
    const { status, body } = await app.request('PUT', `${path}/gate`, { body: gate });
    expect([status, body.errors[0].pointer]).toEqual([422, pointer]);
  });

  it('decides again once it is put without shadow', async () => {
    host.answer('/readyz', { status: 503 });
    const { slot, id } = await verifying(aGate());
    await verdictOf(id);
    await app.request('PUT', `${slot.path}/gate`, { body: aGate({ shadow: false }) });
    const next = await aDeployment(app, { ...slot, state: 'verifying' });
    expect(await verdictOf(next.id)).toMatchObject({ verdict: 'rollback', shadowVerdict: null });
  });
});
