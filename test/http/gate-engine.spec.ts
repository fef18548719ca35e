import { type FakeHost, aHost, type HostBehaviour } from '../support/a-host.js';
import { startApplication, type TestApplication } from '../support/application.js';
import { eventually } from '../support/eventually.js';
import { aDeployment, aRelease, aSlot, digestOf } from '../support/fixtures.js';

interface MeasurementView {
  readonly check: string;
  readonly host: string | null;
  readonly n: number;
  readonly dueAt: string;
  readonly outcome: string;
  readonly value: number | null;
  readonly detail: string | null;
}

let app: TestApplication;
const hosts: FakeHost[] = [];

beforeAll(async () => {
  app = await startApplication();
});
afterAll(async () => {
  await Promise.all([app.close(), ...hosts.map((host) => host.close())]);
});

const aCheck = (overrides: object = {}) => ({
  name: 'ready',
  type: 'http',
  url: '{host.url}/readyz',
  intervalSeconds: 1,
  expect: [{ field: 'status', op: 'eq', value: 200 }],
  ...overrides,
});
const aGate = (overrides: object = {}) => ({ warmUpSeconds: 0, bakeSeconds: 1, checks: [aCheck()], ...overrides });
const anIdentity = (overrides: object = {}) => ({
  url: '{host.url}/info',
  field: '/imageDigest',
  consecutive: 2,
  withinSeconds: 3,
  ...overrides,
});

/** Asks for nothing but a duration of at most this many times that of the runs promoted before. */
const gateWithin = (factor: number, runs = 1) =>
  aGate({ bakeSeconds: 0, checks: [aCheck({ expect: [], baseline: { factor, runs } })] });

/** A deployment that was just deployed to hosts that behave like this, into a slot with this gate. */
async function verifying(gate: object, behaviours: readonly HostBehaviour[] = [{ '/readyz': {} }], body: object = {}) {
  const own = await Promise.all(behaviours.map((behaviour, index) => aHost(behaviour, `host-${index}`)));
  hosts.push(...own);
  const slot = await aSlot(app, { hosts: own, gate });
  const release = await aRelease(app, { service: slot.service });
  const deployment = await aDeployment(app, { ...slot, digest: release.digest, state: 'verifying', body });
  return { ...deployment, slot, release, hosts: own };
}

const measurementsOf = async (id: string): Promise<MeasurementView[]> =>
  (await app.request('GET', `/v1/deployments/${id}/measurements`)).body.items;

/** The verdict as soon as there is one. */
const verdictOf = (id: string) =>
  eventually(async () => {
    const { body } = await app.request('GET', `/v1/deployments/${id}/verdict`);
    expect(body.verdict).not.toBe('pending');
    return body;
  }, 20_000);

describe('a gate promotes', () => {
  it('a release whose checks have passed on every host, at the end of the bake', async () => {
    const { id } = await verifying(aGate({ bakeSeconds: 2 }), [{ '/readyz': {} }, { '/readyz': {} }]);
    expect(await verdictOf(id)).toMatchObject({
      verdict: 'promote',
      state: 'promoted',
      reasons: [{ code: 'all-checks-passed' }],
      progress: { done: 6, planned: 6 },
    });
    const measured = (await measurementsOf(id)).map(({ host, n, outcome }) => `${host} ${n} ${outcome}`);
    expect(measured.toSorted()).toEqual(['0', '1'].flatMap((h) => ['0', '1', '2'].map((n) => `host-${h} ${n} pass`)));
  });

  it('at times that derive from the begin of the bake alone', async () => {
    const { id } = await verifying(aGate({ warmUpSeconds: 0.25, checks: [aCheck({ initialDelaySeconds: 0.5 })] }));
    await verdictOf(id);
    const { deployedAt } = (await app.request('GET', `/v1/deployments/${id}`)).body;
    const due = (await measurementsOf(id)).map(({ dueAt }) => Date.parse(dueAt) - Date.parse(deployedAt));
    expect(due).toEqual([750]);
  });

  it('after identity was established on every host', async () => {
    const digest = digestOf('identity');
    const info = { '/readyz': {}, '/info': { body: { imageDigest: digest } } };
    const own = await Promise.all([aHost(info, 'a'), aHost({ ...info, '/info': { status: 503 } }, 'b')]);
    hosts.push(...own);
    const slot = await aSlot(app, { hosts: own, gate: aGate({ identity: anIdentity({ withinSeconds: 20 }) }) });
    await aRelease(app, { service: slot.service, digest });
    const { id } = await aDeployment(app, { ...slot, digest, state: 'verifying' });
    await eventually(() => expect(own[0]?.requests('/info')).toBe(2));
    expect(await measurementsOf(id)).toEqual([]);
    const { progress } = (await app.request('GET', `/v1/deployments/${id}/verdict`)).body;
    expect(progress).toEqual({ done: 0, planned: 4 });
    own[1]?.answer('/info', info['/info']);
    expect((await verdictOf(id)).verdict).toBe('promote');
    expect(own[0]?.requests('/info')).toBe(2);
  });

  it('whatever checks say that only advise', async () => {
    const checks = [aCheck(), aCheck({ name: 'advice', required: false, url: '{host.url}/advice' })];
    const { id } = await verifying(aGate({ checks }), [{ '/readyz': {}, '/advice': { status: 500 } }]);
    expect((await verdictOf(id)).verdict).toBe('promote');
    const outcomes = (await measurementsOf(id)).map(({ check, outcome }) => `${check} ${outcome}`);
    expect(outcomes.toSorted()).toEqual(['advice fail', 'advice fail', 'ready pass', 'ready pass']);
  });
});

describe('a gate rejects', () => {
  it('at the failure that triggers, and measures nothing more', async () => {
    const { id, hosts: own } = await verifying(aGate({ bakeSeconds: 600 }), [
      { '/readyz': (nth) => ({ status: nth === 0 ? 200 : 503, body: { password: 'hunter2', state: 'DOWN' } }) },
    ]);
    const verdict = await verdictOf(id);
    expect(verdict).toMatchObject({
      verdict: 'rollback',
      state: 'rejected',
      reasons: [{ code: 'check-failed', check: 'ready', host: 'host-0' }, { code: 'no-known-good' }],
      progress: { done: 3 },
    });
    expect(verdict.reasons[0].detail).toContain('status was 503, expected eq 200');
    expect(verdict.reasons[0].detail).toContain('DOWN');
    expect(JSON.stringify(await measurementsOf(id))).not.toContain('hunter2');
    expect(own[0]?.requests()).toBe(3);
  });

  it.each<[string, HostBehaviour, string]>([
    ['closes the connection', { '/readyz': { closes: true } }, 'socket hang up'],
    ['never answers', { '/readyz': { hangs: true } }, 'timed out after 300 ms'],
    [
      'redirects',
      { '/readyz': { status: 302, headers: { location: '/elsewhere' } }, '/elsewhere': {} },
      'status was 302',
    ],
  ])('a host that %s', async (_does, behaviour, detail) => {
    const gate = aGate({ bakeSeconds: 600, checks: [aCheck({ timeoutSeconds: 0.3, failAt: { total: 1 } })] });
    const { id } = await verifying(gate, [behaviour]);
    const { verdict, reasons } = await verdictOf(id);
    expect([verdict, reasons[0].code]).toEqual(['rollback', 'check-failed']);
    expect(reasons[0].detail).toContain(detail);
  });

  it('a host that answers well and runs the old release', async () => {
    const old = { '/readyz': {}, '/info': { body: { imageDigest: digestOf('the old release') } } };
    const { id } = await verifying(aGate({ identity: anIdentity() }), [old]);
    const verdict = await verdictOf(id);
    expect(verdict).toMatchObject({ verdict: 'rollback', reasons: [{ code: 'wrong-version', host: 'host-0' }, {}] });
    expect(verdict.reasons[0].detail).toContain(digestOf('the old release'));
    expect(await measurementsOf(id)).toEqual([]);
  });
});

describe('a gate holds', () => {
  it.each([
    ['check-error', {}],
    ['no-evidence', { identity: anIdentity() }],
  ])('a release on a host that must not be probed, with %s, and says why', async (code, overrides) => {
    const gate = aGate({ checks: [aCheck({ failAt: { total: 1 } })], ...overrides });
    const slot = await aSlot(app, { hosts: [{ name: 'a', url: 'http://no-longer-allowed' }], gate });
    // As after a change of PROBE_ALLOW: what would be refused today was put before.
    await app.database.read((handle) =>
      handle.query(
        `update slots set hosts = '[{"name": "a", "url": "http://10.1.2.3"}]' where service = $1 and environment = $2`,
        [slot.service, slot.environment],
      ),
    );
    const { id } = await aDeployment(app, { ...slot, state: 'verifying' });
    const { verdict, reasons } = await verdictOf(id);
    expect({ verdict, reasons }).toMatchObject({ verdict: 'hold', reasons: [{ code, host: 'a' }] });
    expect(reasons[0].detail).toContain('10.1.2.3 is not in PROBE_ALLOW');
  });

  it('where it would measure more than it may, as it was put before there was a limit', async () => {
    const host = await aHost({ '/readyz': {} }, 'a');
    hosts.push(host);
    const slot = await aSlot(app, { hosts: [host], gate: aGate() });
    await app.database.read((handle) =>
      handle.query(
        `update gate_specifications set specification = jsonb_set(specification::jsonb, '{bakeSeconds}', '1000000')
          where slot_id = (select id from slots where service = $1 and environment = $2)`,
        [slot.service, slot.environment],
      ),
    );
    const { id } = await aDeployment(app, { ...slot, state: 'verifying' });
    const { verdict, reasons } = await verdictOf(id);
    expect([verdict, reasons[0].detail]).toEqual(['hold', expect.stringContaining('at most 200000 are allowed')]);
  });

  it('where nothing was put, or there is no host that a check needs', async () => {
    for (const gate of [null, aGate()]) {
      const slot = await aSlot(app, { gate });
      const { id } = await aDeployment(app, { ...slot, state: 'verifying' });
      expect(await verdictOf(id)).toMatchObject({ verdict: 'hold', reasons: [{ code: 'no-evidence' }] });
    }
  });

  it('a rejection of a deployment that cannot be undone', async () => {
    const gate = aGate({ checks: [aCheck({ failAt: { total: 1 } })] });
    const { id } = await verifying(gate, [{ '/readyz': { status: 503 } }], { autoRollback: false });
    expect(await verdictOf(id)).toMatchObject({
      verdict: 'hold',
      state: 'on_hold',
      reasons: [{ code: 'check-failed' }],
    });
  });
});

describe('a gate', () => {
  it('is as it was at deployed, whatever is put meanwhile', async () => {
    const { id, slot } = await verifying(aGate({ bakeSeconds: 2 }));
    await app.request('PUT', `${slot.path}/gate`, { body: aGate({ checks: [aCheck({ url: '{host.url}/nowhere' })] }) });
    expect((await verdictOf(id)).verdict).toBe('promote');
  });

  it('measures no more when its deployment is cancelled', async () => {
    const { id, fence, hosts: own } = await verifying(aGate({ bakeSeconds: 600 }));
    await eventually(() => expect(own[0]?.requests()).toBeGreaterThan(0));
    const cancelled = await app.request('POST', `/v1/deployments/${id}/cancel`, { body: { fence, reason: 'no' } });
    expect(cancelled.body.state).toBe('rejected');
    const [run] = await app.database.query<{ ended: boolean; verdict: string | null }>(
      'test-ended',
      'select ended_at is not null as ended, verdict from gate_runs where deployment_id = $1',
      [id],
    );
    expect(run).toEqual({ ended: true, verdict: null });
    const { id: other } = await verifying(aGate());
    await verdictOf(other);
    const before = own[0]?.requests();
    const { id: another } = await verifying(aGate());
    await verdictOf(another);
    expect(own[0]?.requests()).toBe(before);
  });

  it('compares with what was promoted before', async () => {
    const { id, slot } = await verifying(gateWithin(1000));
    expect(await verdictOf(id)).toMatchObject({ verdict: 'hold', reasons: [{ code: 'no-evidence' }] });
    await app.request('POST', `/v1/deployments/${id}/decision`, { body: { decision: 'promote', reason: 'the first' } });
    const next = () => aDeployment(app, { ...slot, state: 'verifying' });
    expect((await verdictOf((await next()).id)).verdict).toBe('promote');
    await app.request('PUT', `${slot.path}/gate`, { body: gateWithin(0.000_001) });
    expect(await verdictOf((await next()).id)).toMatchObject({
      verdict: 'rollback',
      reasons: [{ code: 'check-failed' }],
    });
  });

  it('counts as promoted what a person promoted, also where it would have rolled back and was not let', async () => {
    const { id, slot } = await verifying(gateWithin(1000));
    const promote = (held: string) =>
      app.request('POST', `/v1/deployments/${held}/decision`, { body: { decision: 'promote', reason: 'looks fine' } });
    await verdictOf(id);
    await promote(id);
    await app.request('PUT', `${slot.path}/gate`, { body: gateWithin(0.000_001) });
    const held = await aDeployment(app, { ...slot, state: 'verifying', body: { autoRollback: false } });
    expect(await verdictOf(held.id)).toMatchObject({ verdict: 'hold', reasons: [{ code: 'check-failed' }] });
    await promote(held.id);
    await app.request('PUT', `${slot.path}/gate`, { body: gateWithin(1000, 2) });
    expect((await verdictOf((await aDeployment(app, { ...slot, state: 'verifying' })).id)).verdict).toBe('promote');
  });
});
