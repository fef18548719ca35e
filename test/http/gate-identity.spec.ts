import { aHost, type FakeHost, type HostBehaviour } from '../support/a-host.js';
import { startApplication, type TestApplication } from '../support/application.js';
import { eventually } from '../support/eventually.js';
import { aDeployment, aRelease, aSlot, digestOf } from '../support/fixtures.js';

let app: TestApplication;
let host: FakeHost;

beforeAll(async () => {
  app = await startApplication();
});
afterAll(() => app.close());
afterEach(() => host.close());

const aGate = (withinSeconds: number) => ({
  bakeSeconds: 1,
  identity: { url: '{host.url}/info', field: '/imageDigest', consecutive: 2, withinSeconds },
  checks: [
    {
      name: 'ready',
      type: 'http',
      url: '{host.url}/readyz',
      intervalSeconds: 1,
      expect: [{ field: 'status', op: 'eq', value: 200 }],
    },
  ],
});

/** A deployment that was just deployed to a host that shows this release of its own. */
async function verifying(shown: string, withinSeconds: number, body: object = {}) {
  host = await aHost(shownBy(shown));
  const slot = await aSlot(app, { hosts: [host], gate: aGate(withinSeconds) });
  const release = await aRelease(app, { service: slot.service });
  const { id } = await aDeployment(app, { ...slot, digest: release.digest, state: 'verifying', body });
  return { id, slot, release };
}

const verdictOf = (id: string): Promise<string> =>
  eventually(async () => {
    const { body } = await app.request('GET', `/v1/deployments/${id}/verdict`);
    expect(body.verdict).not.toBe('pending');
    return body.verdict;
  }, 20_000);

const shownBy = (words: string): HostBehaviour => ({
  '/readyz': {},
  '/info': { body: { imageDigest: digestOf(words) } },
});
const slotOf = async (path: string) => (await app.request('GET', path)).body;

describe('what a host shows of its identity', () => {
  it.each([true, false])(
    'is an observation, and after another release nobody knows what the slot runs (rolled back: %s)',
    async (autoRollback) => {
      const { id, slot } = await verifying('the old one', 3, { autoRollback });
      expect(await verdictOf(id)).toBe(autoRollback ? 'rollback' : 'hold');
      expect(await slotOf(slot.path)).toMatchObject({
        runningRelease: null,
        runningReleaseState: 'unknown',
        hosts: [{ observedDigest: digestOf('the old one'), observedAt: expect.any(String) }],
      });
    },
  );

  it('does not count against the release if a person promotes it', async () => {
    const { id, slot, release } = await verifying('another', 3, { autoRollback: false });
    await verdictOf(id);
    await app.request('POST', `/v1/deployments/${id}/decision`, { body: { decision: 'promote', reason: 'it lies' } });
    expect(await slotOf(slot.path)).toMatchObject({
      runningRelease: { digest: release.digest },
      runningReleaseState: 'known',
      hosts: [{ drifting: true }],
    });
  });

  it('may be the git commit of the release, and the last one stays', async () => {
    const { id, slot, release } = await verifying('the old one', 20);
    await eventually(async () =>
      expect((await slotOf(slot.path)).hosts[0].observedDigest).toBe(digestOf('the old one')),
    );
    host.answer('/info', { body: { imageDigest: release.gitSha } });
    expect(await verdictOf(id)).toBe('promote');
    expect(await slotOf(slot.path)).toMatchObject({
      runningRelease: { digest: release.digest },
      hosts: [{ observedDigest: release.digest, drifting: false }],
    });
  });
});
