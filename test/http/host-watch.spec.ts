import { register } from 'prom-client';
import { HostWatch } from '../../src/delivery/deployments/slots/host-watch.js';
import { aHost, type FakeHost } from '../support/a-host.js';
import { startApplication, type TestApplication } from '../support/application.js';
import { deploymentRequests } from '../support/deployment-requests.js';
import { eventually } from '../support/eventually.js';
import { aDeployment, aRelease, aSlot, digestOf, type SlotFixture } from '../support/fixtures.js';

let app: TestApplication;
const hosts: FakeHost[] = [];

beforeAll(async () => {
  app = await startApplication();
});
afterEach(async () => {
  await Promise.all(hosts.splice(0).map((host) => host.close()));
});
afterAll(() => app.close());

const { ship, report } = deploymentRequests(() => app);

const OTHER = digestOf('something else');
const check = { name: 'up', type: 'http', url: '{host.url}/', expect: [{ field: 'status', op: 'gte', value: 200 }] };
const aGate = (identity: object) => ({
  bakeSeconds: 0,
  identity: { url: '{host.url}/info', field: '/imageDigest', consecutive: 1, ...identity },
  checks: [check],
});

/** A slot with one host that runs what was deployed there; its gate was put after that. */
async function aRunningSlot(identity: object = { watch: true }) {
  const host = await aHost();
  hosts.push(host);
  const slot = await aSlot(app, { hosts: [host] });
  const running = await ship(slot);
  host.answer('/info', { body: { imageDigest: running.digest } });
  await app.request('PUT', `${slot.path}/gate`, { body: aGate(identity) });
  return { slot, host, running };
}

/** As when a minute has passed. The job may be the one that asks. */
async function aMinuteLater(): Promise<void> {
  const earlier = `update host_watches set asked_at = asked_at - interval '61 seconds'`;
  await app.database.query('a-minute-later', earlier, []);
  await look();
}

const look = () => app.nest.get(HostWatch).look(new AbortController().signal);

const hostOf = async ({ path }: SlotFixture) => (await app.request('GET', path)).body.hosts[0];

async function outcomes(): Promise<Record<string, number>> {
  const values = (await register.getSingleMetric('host_identity_probes_total')?.get())?.values ?? [];
  return Object.fromEntries(values.map(({ labels, value }) => [labels['outcome'], value]));
}

describe('a slot whose gate watches identity', () => {
  it('shows what its host runs, and drifts when that changes, until it changes back', async () => {
    const { slot, host, running } = await aRunningSlot();
    await look();
    await eventually(async () => {
      expect(await hostOf(slot)).toMatchObject({ observedDigest: running.digest, drifting: false });
    });
    host.answer('/info', { body: { imageDigest: OTHER } });
    await aMinuteLater();
    await eventually(async () => expect(await hostOf(slot)).toMatchObject({ observedDigest: OTHER, drifting: true }));
    host.answer('/info', { body: { imageDigest: running.digest } });
    await aMinuteLater();
    await eventually(async () => expect(await hostOf(slot)).toMatchObject({ drifting: false }));
  });

  it('takes a git commit for the release that was made of it', async () => {
    const { slot, host, running } = await aRunningSlot({ watch: true, field: '/gitSha' });
    const { gitSha } = await aRelease(app, { service: slot.service, digest: running.digest, version: running.version });
    const another = await aRelease(app, { service: slot.service });
    host.answer('/info', { body: { gitSha } });
    await look();
    await eventually(async () => expect((await hostOf(slot)).observedDigest).toBe(running.digest));
    host.answer('/info', { body: { gitSha: another.gitSha } });
    await aMinuteLater();
    await eventually(async () => {
      expect(await hostOf(slot)).toMatchObject({ observedDigest: another.digest, drifting: true });
    });
  });

  it('is left alone while a deployment is in progress', async () => {
    const { slot, host } = await aRunningSlot();
    const { digest } = await aRelease(app, { service: slot.service });
    const { id, fence } = await aDeployment(app, { ...slot, digest });
    await look();
    expect(host.requests('/info')).toBe(0);
    await report(id, 'cancel', { fence, reason: 'no', hostsChanged: false });
    await look();
    await eventually(async () => expect(host.requests('/info')).toBe(1));
  });

  it('does not drift by an answer that was asked for before a deployment', async () => {
    const { slot, host, running } = await aRunningSlot();
    const next = await aRelease(app, { service: slot.service });
    host.answer('/info', (nth) => ({
      body: { imageDigest: nth === 0 ? running.digest : next.digest },
      ...(nth === 0 ? { delayMs: 1000 } : {}),
    }));
    const looking = look();
    await eventually(async () => expect(host.requests('/info')).toBe(1));
    const { id } = await aDeployment(app, { ...slot, digest: next.digest, state: 'verifying' });
    await looking;
    await eventually(async () =>
      expect((await app.request('GET', `/v1/deployments/${id}`)).body.state).toBe('promoted'),
    );
    expect(await hostOf(slot)).toMatchObject({ observedDigest: next.digest, drifting: false });
  });

  it('keeps what it knew where its host says nothing that is a release', async () => {
    const { slot, host } = await aRunningSlot();
    const before = await outcomes();
    host.answer('/info', { body: { imageDigest: 'latest' } });
    await look();
    await eventually(async () => expect((await outcomes())['unknown']).toBe((before['unknown'] ?? 0) + 1));
    await host.close();
    await aMinuteLater();
    await eventually(async () => expect((await outcomes())['failed']).toBeGreaterThan(before['failed'] ?? 0));
    expect((await hostOf(slot)).observedDigest).toBeNull();
  });
});

describe('a slot whose gate does not', () => {
  it('is never asked', async () => {
    const { host } = await aRunningSlot({});
    await aMinuteLater();
    expect(host.requests('/info')).toBe(0);
  });
});

describe('two instances', () => {
  it('ask a slot once a minute', async () => {
    const another = await startApplication({ databaseUrl: app.databaseUrl, withoutTokens: true });
    try {
      const { host } = await aRunningSlot();
      const { signal } = new AbortController();
      await Promise.all([app, another, app, another].map(({ nest }) => nest.get(HostWatch).look(signal)));
      await eventually(async () => expect(host.requests('/info')).toBe(1));
      await aMinuteLater();
      await eventually(async () => expect(host.requests('/info')).toBe(2));
    } finally {
      await another.close();
    }
  });
});
