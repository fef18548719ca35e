import { register } from 'prom-client';
import { aHost, type FakeHost } from '../support/a-host.js';
import { problem, startApplication, type TestApplication } from '../support/application.js';
import { aDeployment, aRelease, aSlot, type SlotFixture } from '../support/fixtures.js';

let app: TestApplication;
let host: FakeHost;

beforeAll(async () => {
  app = await startApplication();
  host = await aHost();
});
afterAll(async () => {
  await app.close();
  await host.close();
});

const aCheck = (overrides: object = {}) => ({
  name: 'ready',
  type: 'http',
  url: '{host.url}/{release.version}/readyz',
  expect: [
    { field: 'status', op: 'eq', value: 200 },
    { field: '/status', op: 'eq', value: 'UP' },
  ],
  ...overrides,
});
const identity = { url: '{host.url}/info', field: '/imageDigest' };
const aGate = (...checks: object[]) => ({ identity, checks });
const dryRun = ({ path }: SlotFixture, token = app.tokens.operator) =>
  app.request('POST', `${path}/gate/dry-run`, { body: {}, token });

/** A slot with two hosts, of which the second does not answer, that runs a release. */
async function aRunningSlot(gate: object) {
  const hosts = [host, { name: 'b', url: 'http://127.0.0.1:1' }];
  const slot = await aSlot(app, { hosts });
  const release = await aRelease(app, { service: slot.service });
  await aDeployment(app, { ...slot, digest: release.digest, state: 'verifying' });
  await app.request('PUT', `${slot.path}/gate`, { body: gate });
  host.answer('/info', { body: { imageDigest: release.digest } });
  host.answer(`/${release.version}/readyz`, { body: { status: 'UP', password: 'canary' } });
  return { slot, release };
}

/** What a gate leaves behind: rows and metrics. */
async function kept(): Promise<unknown[]> {
  const tables = ['measurements', 'gate_runs', 'events', 'audit_log', 'host_observations', 'deployments'];
  const counts = tables.map((table) => app.database.read((handle) => handle.query(`select count(*) from ${table}`)));
  const metrics = await register.getMetricsAsJSON();
  return [await Promise.all(counts), metrics.filter(({ name }) => name.startsWith('gate_'))];
}

describe('a dry run', () => {
  it('measures each check once on each host, with the release that runs, and says what it read', async () => {
    const { slot, release } = await aRunningSlot(aGate(aCheck()));
    const { status, body } = await dryRun(slot);
    expect(status).toBe(200);
    expect(body.checks).toMatchObject([
      {
        check: 'ready',
        host: 'a',
        outcome: 'pass',
        detail: null,
        read: {
          url: `${host.url}/${release.version}/readyz`,
          status: 200,
          durationMs: expect.any(Number),
          '/status': 'UP',
        },
      },
      {
        check: 'ready',
        host: 'b',
        outcome: 'fail',
        value: null,
        detail: expect.stringContaining('ECONNREFUSED'),
        read: null,
      },
    ]);
    expect(body.identity).toEqual([
      { host: 'a', digest: release.digest, detail: expect.stringContaining(release.digest) },
      { host: 'b', digest: null, detail: expect.stringContaining('ECONNREFUSED') },
    ]);
    expect([host.requests(`/${release.version}/readyz`), JSON.stringify(body).includes('canary')]).toEqual([1, false]);
  });

  it('changes nothing', async () => {
    const { slot } = await aRunningSlot(aGate(aCheck()));
    const before = await kept();
    await dryRun(slot);
    expect(await kept()).toEqual(before);
  });

  it('has no data for a check that speaks of the release where none is known to run', async () => {
    const slot = await aSlot(app, {
      hosts: [host],
      gate: aGate(aCheck(), aCheck({ name: 'other', url: '{host.url}/x' })),
    });
    const { body } = await dryRun(slot);
    expect(body.checks).toMatchObject([
      { check: 'ready', outcome: 'no_data', detail: expect.stringContaining('no release is known'), read: null },
      { check: 'other', outcome: 'fail', read: { status: 404, '/status': null } },
    ]);
  });

  it('says what no data counts as', async () => {
    const slot = await aSlot(app, { hosts: [host], gate: aGate(aCheck({ onNoData: 'fail' })) });
    const { body } = await dryRun(slot);
    expect(body.checks[0].detail).toContain('; no data counts as fail');
  });

  it('of a slot without a gate is 404, and of one that says so has nothing to measure', async () => {
    expect(await dryRun(await aSlot(app, { gate: null }))).toMatchObject(problem(404, 'gate-not-found'));
    expect((await dryRun(await aSlot(app))).body).toEqual({ checks: [], identity: [] });
  });

  it('is for operators', async () => {
    const slot = await aSlot(app);
    expect(await dryRun(slot, app.tokens.deployer)).toMatchObject(problem(403, 'forbidden'));
    expect((await dryRun(slot)).status).toBe(200);
  });

  it('takes no setting', async () => {
    const { path } = await aSlot(app);
    const answer = await app.request('POST', `${path}/gate/dry-run`, { body: { checks: [] } });
    expect(answer).toMatchObject(problem(422, 'validation-failed'));
  });

  it('is refused beyond four at once, and gives its place back', async () => {
    host.answer('/slow', { delayMs: 300 });
    const slots = await Promise.all(
      [1, 2, 3, 4].map(() => aSlot(app, { hosts: [host], gate: { checks: [aCheck({ url: '{host.url}/slow' })] } })),
    );
    const before = host.requests('/slow');
    const running = slots.map((slot) => dryRun(slot));
    while (host.requests('/slow') < before + 4) await new Promise((resolve) => setImmediate(resolve));
    const [first] = slots;
    expect(await dryRun(first!)).toMatchObject(problem(503, 'overloaded'));
    expect((await Promise.all(running)).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect((await dryRun(first!)).status).toBe(200);
  });
});
