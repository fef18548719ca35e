import { register } from 'prom-client';
import { DriftGauge } from '../../src/delivery/deployments/slots/drift-gauge.js';
import { LOOK_EVERY_MS } from '../../src/delivery/deployments/verdicts/verdicts.js';
import { type TestApplication, startApplication } from '../support/application.js';
import { deploymentRequests } from '../support/deployment-requests.js';
import { aDeployment, anEnvironment, aRelease, aService, aSlot, type SlotFixture } from '../support/fixtures.js';

let app: TestApplication;

beforeAll(async () => {
  // Who waits for a verdict hears of it, or hears nothing: nobody looks by himself here.
  app = await startApplication({ providers: [{ provide: LOOK_EVERY_MS, useValue: 3_600_000 }] });
});
afterAll(() => app.close());

const { create, report, ship, aRunningSlot } = deploymentRequests(() => app);

const verdictOf = (id: string, query = '') => app.request('GET', `/v1/deployments/${id}/verdict${query}`);

/** What the gauge says once it has looked. */
async function driftingSlots(): Promise<number | undefined> {
  await app.nest.get(DriftGauge).look();
  return (await register.getSingleMetric('deployment_slots_drifting')?.get())?.values[0]?.value;
}

const observe = (slot: SlotFixture, digest: string) =>
  app.request('POST', `${slot.path}/observations`, { body: { host: 'a', digest }, token: app.tokens.reporter });

const driftOf = async (slot: SlotFixture) => {
  const { body } = await app.request('GET', slot.path);
  const [{ name: host, drifting, observedDigest }] = body.hosts;
  return { host, drifting, observedDigest, drift: body.drift };
};

describe('a slot', () => {
  it('is there for every known service and environment, also before its first use', async () => {
    const [service, environment] = [await aService(app), await anEnvironment(app)];
    const { status, body } = await app.request('GET', `/v1/services/${service.slug}/environments/${environment.slug}`);
    expect(status).toBe(200);
    expect(body).toEqual({
      service: service.slug,
      environment: environment.slug,
      runningRelease: null,
      runningReleaseState: 'none',
      lastKnownGood: null,
      activeDeployment: null,
      fence: 0,
      hosts: [],
      drift: false,
      freeze: { frozen: false, known: true, nextOpen: null, reasons: [] },
    });
  });

  it.each([
    ['service', 'nobody', 'service-not-found'],
    ['environment', 'nowhere', 'environment-not-found'],
  ])('is not there for an unknown %s', async (missing, slug, code) => {
    const known = {
      service: (await aService(app)).slug,
      environment: (await anEnvironment(app)).slug,
      [missing]: slug,
    };
    const answer = await app.request('GET', `/v1/services/${known.service}/environments/${known.environment}`);
    expect(answer.status).toBe(404);
    expect(answer.body.type).toContain(code);
  });

  it('shows what runs, what is good, and who is at work in it until when', async () => {
    const { slot, running, next } = await aRunningSlot();
    const { id, fence } = await aDeployment(app, { ...slot, digest: next.digest });
    const { body } = await app.request('GET', slot.path);
    expect(body).toMatchObject({
      runningRelease: { digest: running.digest, version: running.version, gitSha: running.gitSha },
      runningReleaseState: 'known',
      lastKnownGood: { digest: running.digest },
      activeDeployment: { id, fence, state: 'in_progress', verdict: 'pending', release: { digest: next.digest } },
      fence,
    });
    expect(Date.parse(body.activeDeployment.deadline)).toBeGreaterThan(Date.parse(body.activeDeployment.createdAt));
  });

  it('goes back past what was marked bad, also while that runs', async () => {
    const slot = await aSlot(app);
    const good = await ship(slot);
    const bad = await ship(slot);
    await report(bad.deployment, 'mark', { bad: true, reason: 'loses orders' });
    expect((await app.request('GET', slot.path)).body).toMatchObject({
      runningRelease: { digest: bad.digest },
      lastKnownGood: { digest: good.digest },
    });
  });

  it.each(['retryOf', 'remediates'])('knows no %s of another slot', async (field) => {
    const [slot, elsewhere] = [await aSlot(app), await ship(await aSlot(app))];
    const { digest } = await aRelease(app, { service: slot.service });
    const answer = await create(slot, digest, { [field]: elsewhere.deployment });
    expect([answer.status, answer.body.errors?.[0].pointer]).toEqual([422, `/${field}`]);
  });

  it('tells by when its gate concludes, whoever looks and whoever wants it', async () => {
    const check = {
      name: 'ready',
      type: 'http',
      url: '{host.url}/',
      expect: [{ field: 'status', op: 'eq', value: 200 }],
    };
    const slot = await aSlot(app, {
      hosts: [{ name: 'a', url: 'http://127.0.0.1:1' }],
      gate: { warmUpSeconds: 60, bakeSeconds: 60, checks: [check] },
    });
    const { id, release } = await aDeployment(app, { ...slot, state: 'verifying' });
    const { deployedAt } = (await app.request('GET', `/v1/deployments/${id}`)).body;
    const holder = { id, state: 'verifying', deadline: new Date(Date.parse(deployedAt) + 120_000).toISOString() };
    expect((await create(slot, release.digest)).body.holder).toMatchObject(holder);
    expect((await app.request('GET', slot.path)).body.activeDeployment).toMatchObject(holder);
  });

  it('is read again for nothing while it stays as it is', async () => {
    const { slot, next } = await aRunningSlot();
    const etag = String((await app.request('GET', slot.path)).headers.get('etag'));
    const headers = { 'if-none-match': etag };
    const unchanged = await app.request('GET', slot.path, { headers });
    expect([unchanged.status, unchanged.text, unchanged.headers.get('etag')]).toEqual([304, '', etag]);
    await aDeployment(app, { ...slot, digest: next.digest });
    expect((await app.request('GET', slot.path, { headers })).status).toBe(200);
  });
});

describe('a token that is bound to one service', () => {
  it('asks of no other service, and changes nothing that all share', async () => {
    const [own, other] = [await aService(app), await aService(app)];
    const { slug } = await anEnvironment(app);
    const made = await app.request('POST', '/v1/tokens', { body: { name: 'own', role: 'admin', service: own.slug } });
    const { token } = made.body;
    const statusOf = async (method: string, path: string, body?: object) =>
      (await app.request(method, path, { token, ...(body ? { body } : {}) })).status;
    expect(await statusOf('GET', `/v1/environments/${slug}/freeze?service=${own.slug}`)).toBe(200);
    expect(await statusOf('GET', `/v1/environments/${slug}/freeze?service=${other.slug}`)).toBe(403);
    expect(await statusOf('GET', `/v1/services/${other.slug}/environments/${slug}`)).toBe(403);
    expect(await statusOf('PUT', `/v1/environments/${slug}`, { tier: 'production' })).toBe(403);
  });

  it('lists only the deployments of its own', async () => {
    const [own, other] = [await aDeployment(app), await aDeployment(app)];
    const made = await app.request('POST', '/v1/tokens', {
      body: { name: 'lister', role: 'viewer', service: own.service },
    });
    const list = (query = '') => app.request('GET', `/v1/deployments${query}`, { token: made.body.token });
    expect((await list()).body.items.map(({ id }: { id: string }) => id)).toEqual([own.id]);
    expect((await list(`?service=${other.service}`)).status).toBe(403);
  });
});

describe('an observation', () => {
  const hosts = [{ name: 'a', url: 'http://127.0.0.1:1' }];

  it('makes no host drift where nobody can say what should run', async () => {
    const slot = await aSlot(app, { hosts });
    const body = { host: 'a', digest: `sha256:${'f'.repeat(64)}` };
    expect((await app.request('POST', `${slot.path}/observations`, { body })).status).toBe(202);
    expect((await app.request('GET', slot.path)).body).toMatchObject({
      runningReleaseState: 'none',
      drift: false,
      hosts: [{ observedDigest: body.digest, drifting: false }],
    });
  });

  it('never replaces a later one, as the clock of another instance may have it', async () => {
    const slot = await aSlot(app, { hosts });
    const [later, earlier] = ['e', 'f'].map((digit) => ({ host: 'a', digest: `sha256:${digit.repeat(64)}` }));
    await app.request('POST', `${slot.path}/observations`, { body: later });
    await app.database.query(
      'later-observation',
      `update host_observations set observed_at = observed_at + interval '1 hour' where digest = $1`,
      [later!.digest],
    );
    await app.request('POST', `${slot.path}/observations`, { body: earlier });
    expect((await app.request('GET', slot.path)).body.hosts[0].observedDigest).toBe(later!.digest);
  });

  it('of another digest than the running one makes its host drift', async () => {
    const slot = await aSlot(app, { hosts });
    const { release } = await aDeployment(app, { ...slot, state: 'verifying' });
    expect((await observe(slot, `sha256:${'f'.repeat(64)}`)).status).toBe(202);
    const drifting = (await app.request('GET', slot.path)).body;
    expect(drifting).toMatchObject({ drift: true, hosts: [{ name: 'a', drifting: true }] });
    expect(await driftingSlots()).toBe(1);
    await observe(slot, release.digest);
    const settled = (await app.request('GET', slot.path)).body;
    expect(settled).toMatchObject({ drift: false, hosts: [{ observedDigest: release.digest, drifting: false }] });
    expect(await driftingSlots()).toBe(0);
  });

  it('from before a deployment says nothing about it', async () => {
    const slot = await aSlot(app, { hosts });
    const [before] = [await ship(slot)];
    await observe(slot, before.digest);
    const { digest, deployment } = await ship(slot);
    const unchanged = { host: 'a', drifting: false, observedDigest: before.digest, drift: false };
    expect(await driftOf(slot)).toEqual(unchanged);
    // Nor does it where the instance that saw it has a clock that is ahead.
    const ahead = `update deployments set deployed_at = deployed_at - interval '1 hour' where id = $1`;
    await app.database.query('clock-ahead', ahead, [deployment]);
    expect(await driftOf(slot)).toEqual(unchanged);
    expect(await driftingSlots()).toBe(0);
    await observe(slot, before.digest);
    expect(await driftOf(slot)).toEqual({ ...unchanged, drifting: true, drift: true });
    expect(await driftingSlots()).toBe(1);
    await observe(slot, digest);
  });

  it('makes no host drift while a deployment is in progress', async () => {
    const slot = await aSlot(app, { hosts });
    await ship(slot);
    const next = await aRelease(app, { service: slot.service });
    const { id, fence } = await aDeployment(app, { ...slot, digest: next.digest });
    await observe(slot, next.digest);
    expect(await driftOf(slot)).toMatchObject({ observedDigest: next.digest, drifting: false, drift: false });
    expect(await driftingSlots()).toBe(0);
    await report(id, 'cancel', { fence, reason: 'no', hostsChanged: false });
    expect(await driftOf(slot)).toMatchObject({ drifting: true, drift: true });
    await report((await aDeployment(app, { ...slot, digest: next.digest })).id, 'failed', {
      fence: fence + 1,
      reason: 'x',
    });
  });

  it('of a host that the slot has not is refused', async () => {
    const slot = await aSlot(app, { hosts });
    const body = { host: 'b', digest: `sha256:${'f'.repeat(64)}` };
    const answer = await app.request('POST', `${slot.path}/observations`, { body });
    expect([answer.status, answer.body.errors[0].pointer]).toEqual([422, '/host']);
  });
});

describe('waiting for a verdict', () => {
  it('ends when the verdict falls', async () => {
    const { id, fence } = await aDeployment(app);
    const waiting = verdictOf(id, '?wait=60');
    await report(id, 'deployed', { fence });
    expect((await waiting).body).toMatchObject({
      verdict: 'promote',
      state: 'promoted',
      rollbackTo: null,
      reasons: [{ code: 'ungated' }],
    });
  });

  it('ends with "none" where no verdict will ever fall', async () => {
    const { id, fence } = await aDeployment(app);
    const waiting = verdictOf(id, '?wait=60');
    await report(id, 'failed', { fence, reason: 'x' });
    expect((await waiting).body).toMatchObject({ verdict: 'none', state: 'failed', reasons: [{ code: 'failed' }] });
  });

  it('ends when its time is up, and the verdict is pending still', async () => {
    const { id } = await aDeployment(app);
    expect((await verdictOf(id, '?wait=1')).body).toMatchObject({ verdict: 'pending', state: 'in_progress' });
  });

  it('may not last longer than a minute', async () => {
    const { id } = await aDeployment(app);
    expect((await verdictOf(id, '?wait=61')).status).toBe(422);
  });
});
