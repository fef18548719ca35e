import { randomUUID } from 'node:crypto';
import { ApiLedger } from '../../src/cli/hosts/api-ledger.js';
import type { ServicePlan } from '../../src/cli/hosts/host-plan.model.js';
import { RolloutEffects } from '../../src/cli/hosts/rollout-effects.js';
import { runRollout } from '../../src/cli/hosts/rollout-run.js';
import { beginning, type Rollout } from '../../src/cli/hosts/rollout.model.js';
import { aHost } from '../support/a-host.js';
import { startApplication, type TestApplication } from '../support/application.js';
import { deploymentRequests } from '../support/deployment-requests.js';
import { aDeployment, aRelease, aSlot, type SlotFixture } from '../support/fixtures.js';
import { SimulatedHost } from '../support/simulated-host.js';

let app: TestApplication;

beforeAll(async () => {
  app = await startApplication();
});
afterAll(() => app.close());

const { create, get, ship, rollBack } = deploymentRequests(() => app);

/** A slot whose gate promotes at once, on two hosts, and a first release that runs there. */
async function aRunningSlot(): Promise<{ slot: SlotFixture; hosts: SimulatedHost[]; old: string }> {
  const slot = await aSlot(app);
  const hosts = [new SimulatedHost('a'), new SimulatedHost('b')];
  const { digest: old } = await aRelease(app, { service: slot.service });
  expect(await rollOut(slot, hosts, old)).toMatchObject({ ending: 'promoted' });
  return { slot, hosts, old };
}

function rollOut(
  { service, environment }: SlotFixture,
  hosts: SimulatedHost[],
  digest: string,
  verify: ((reference: string) => Promise<void>) | null = null,
): Promise<Rollout> {
  const key = randomUUID();
  const token = () => app.tokens.deployer;
  const ledger = new ApiLedger({ url: app.url, token, service, environment, key });
  const { signal } = new AbortController();
  const plan = { service, environment, container: { repository: 'registry.example.com/demo' } } as ServicePlan;
  const own = {
    owner: key,
    deployer: 'a test',
    taken: new Map(),
    begun: null,
    signal,
    verify,
    hasLedger: true,
    name: null,
  };
  const begin = (retryOf: string | null) => ledger.create(digest, retryOf);
  const intent = { begin, isReturn: false, back: null, lookSeconds: 30, report: () => {} };
  const effects = new RolloutEffects({ plan, hosts, ledger, ...own, ...intent });
  return runRollout(beginning(hosts.map(({ name }) => [name])), effects, () => {});
}

function ledgerOf({ service, environment }: SlotFixture): ApiLedger {
  return new ApiLedger({ url: app.url, token: () => app.tokens.deployer, service, environment, key: randomUUID() });
}

const deploymentsOf = async ({ service }: SlotFixture) =>
  (await app.request('GET', `/v1/deployments?service=${service}`)).body.items as { kind: string; state: string }[];

describe('a rollout', () => {
  it('that the gate rejects goes back on every host, and the way back has a gate of its own', async () => {
    await using host = await aHost({ '/': (nth) => ({ status: nth < 3 ? 500 : 200 }) });
    const slot = await aSlot(app, { hosts: [{ name: host.name, url: host.url }] });
    const hosts = [new SimulatedHost('a')];
    const { digest: old } = await aRelease(app, { service: slot.service });
    await rollOut(slot, hosts, old);
    const { digest } = await aRelease(app, { service: slot.service });
    await app.request('PUT', `${slot.path}/gate`, { body: aGate() });
    expect(await rollOut(slot, hosts, digest)).toMatchObject({ ending: 'rolled-back' });
    expect(hosts[0]?.live?.digest).toBe(old);
    expect((await deploymentsOf(slot)).map(({ kind, state }) => `${kind} ${state}`)).toEqual([
      'rollback promoted',
      'deploy rejected',
      'deploy promoted',
    ]);
  });

  it('is promoted in the ledger, and the slot runs it', async () => {
    const { slot, hosts, old } = await aRunningSlot();
    expect(hosts.map(({ live }) => live?.digest)).toEqual([old, old]);
    expect((await app.request('GET', slot.path)).body).toMatchObject({ runningRelease: { digest: old } });
  });

  it('whose second host fails leaves a failed deployment and a rollback, and the old release on both', async () => {
    const { slot, hosts, old } = await aRunningSlot();
    const { digest } = await aRelease(app, { service: slot.service });
    hosts[1]!.refuses = digest;
    const rollout = await rollOut(slot, hosts, digest);
    expect(rollout).toMatchObject({ ending: 'failed', reason: 'host b: it was not ready in time' });
    expect(hosts.map(({ live }) => live?.digest)).toEqual([old, old]);
    expect((await deploymentsOf(slot)).map(({ kind, state }) => `${kind} ${state}`)).toEqual([
      'rollback promoted',
      'deploy failed',
      'deploy promoted',
    ]);
    expect((await app.request('GET', slot.path)).body).toMatchObject({ runningRelease: { digest: old } });
  });

  it('that the gate holds stays on its hosts until a person decides', async () => {
    const { slot, hosts } = await aRunningSlot();
    const { digest } = await aRelease(app, { service: slot.service });
    await app.request('PUT', `${slot.path}/gate`, { body: aGate() });
    expect(await rollOut(slot, hosts, digest)).toMatchObject({ ending: 'on-hold' });
    expect(hosts.map(({ live }) => live?.digest)).toEqual([digest, digest]);
  });

  it('of an image that is not signed as it has to be comes to no host', async () => {
    const { slot, hosts, old } = await aRunningSlot();
    const { digest } = await aRelease(app, { service: slot.service });
    const rollout = await rollOut(slot, hosts, digest, (reference) =>
      Promise.reject(new Error(`${reference} is not signed`)),
    );
    const reason = `registry.example.com/demo@${digest} is not signed`;
    expect(rollout).toMatchObject({ ending: 'failed', isTouched: false, reason });
    expect(hosts.map(({ live }) => live?.digest)).toEqual([old, old]);
    expect((await deploymentsOf(slot))[0]).toMatchObject({ state: 'failed' });
  });

  it('is refused where somebody else holds the slot, and told who and until when', async () => {
    const { slot, hosts, old } = await aRunningSlot();
    const { digest } = await aRelease(app, { service: slot.service });
    const { body } = await create(slot, digest);
    const rollout = await rollOut(slot, hosts, digest);
    expect(rollout).toMatchObject({ ending: 'refused', isTouched: false });
    expect(rollout.reason).toMatch(new RegExp(`holds it \\(deployment ${body.id}\\) until 20`));
    expect(hosts.map(({ live }) => live?.digest)).toEqual([old, old]);
    expect((await get(body.id)).body).toMatchObject({ state: 'in_progress' });
  });
});

describe('the images that hosts keep', () => {
  it.each([
    ['before the release that was deployed again', false],
    ['before the one that was marked bad', true],
  ])('hold what a rollback goes back to: the release %s', async (_what, isMarked) => {
    const slot = await aSlot(app);
    const good = await ship(slot);
    const { digest, deployment } = await ship(slot);
    if (isMarked) {
      await app.request('POST', `/v1/deployments/${deployment}/mark`, { body: { bad: true, reason: 'a test' } });
      await ship(slot);
    } else await aDeployment(app, { ...slot, digest, state: 'verifying', body: { kind: 'redeploy' } });
    const kept = await ledgerOf(slot).returnDigests();
    expect((await rollBack(slot)).body.release.digest).toBe(good.digest);
    expect(kept).toContain(good.digest);
  });
});

/** Without a host in the slot it finds no evidence. */
function aGate(): object {
  const expectation = [{ field: 'status', op: 'eq', value: 200 }];
  const check = {
    name: 'ready',
    type: 'http',
    url: '{host.url}/',
    intervalSeconds: 1,
    timeoutSeconds: 1,
    expect: expectation,
  };
  return { bakeSeconds: 4, warmUpSeconds: 0, checks: [check] };
}
