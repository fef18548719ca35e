import { startApplication, type TestApplication } from '../support/application.js';
import { aHost, type FakeHost, type HostBehaviour } from '../support/a-host.js';
import { aDeployment, aRelease, aSlot } from '../support/fixtures.js';
import { eventually } from '../support/eventually.js';

interface MeasurementView {
  readonly n: number;
  readonly host: string | null;
  readonly outcome: string;
  readonly detail: string | null;
}

let app: TestApplication;
const hosts: FakeHost[] = [];

beforeAll(async () => {
  app = await startApplication();
});
afterAll(async () => {
  await app.close();
  await Promise.all(hosts.map((host) => host.close()));
});

const aCheck = (overrides: object = {}) => ({
  name: 'ready',
  type: 'http',
  url: '{host.url}/readyz',
  intervalSeconds: 1,
  expect: [{ field: 'status', op: 'eq', value: 200 }],
  ...overrides,
});
const aGate = (overrides: object = {}) => ({ warmUpSeconds: 0, bakeSeconds: 2, checks: [aCheck()], ...overrides });

async function verifying(gate: object, behaviours: readonly HostBehaviour[] = [{ '/readyz': {} }]) {
  const slotHosts = await Promise.all(behaviours.map((behaviour, index) => aHost(behaviour, `host-${index}`)));
  hosts.push(...slotHosts);
  const slot = await aSlot(app, { hosts: slotHosts, gate });
  const release = await aRelease(app, { service: slot.service });
  const deployment = await aDeployment(app, { ...slot, digest: release.digest, state: 'verifying' });
  return { ...deployment, slot, release, hosts: slotHosts };
}
const verdictOf = async (id: string) => (await app.request('GET', `/v1/deployments/${id}/verdict`)).body;
const measurementsOf = async (id: string) =>
  (await app.request('GET', `/v1/deployments/${id}/measurements`)).body.items;
const concluded = (id: string) =>
  eventually(async () => {
    const verdict = await verdictOf(id);
    expect(verdict.verdict).not.toBe('pending');
    return verdict;
  }, 20_000);

describe('a gate', () => {
  it('promotes a release whose checks have all passed, at the end of the bake', async () => {
    const { id } = await verifying(aGate());
    expect(await concluded(id)).toMatchObject({
      verdict: 'promote',
      state: 'promoted',
      reasons: [{ code: 'all-checks-passed' }],
      progress: { done: 3, planned: 3 },
    });
    const measurements = await measurementsOf(id);
    expect(measurements.map(({ n, host, outcome }: MeasurementView) => [n, host, outcome])).toEqual([
      [2, 'host-0', 'pass'],
      [1, 'host-0', 'pass'],
      [0, 'host-0', 'pass'],
    ]);
  });
});
