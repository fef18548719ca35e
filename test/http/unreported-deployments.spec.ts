import { randomUUID } from 'node:crypto';
import { createPlimsollClient } from '../../src/client/plimsoll-client.js';
import { Reporter, toReport } from '../../src/cli/deploy/unreported-deployments.js';
import type { HostStanding } from '../../src/cli/hosts/deploy-on-hosts.js';
import type { ServicePlan } from '../../src/cli/hosts/host-plan.model.js';
import { ReadinessLedger } from '../../src/cli/hosts/readiness-ledger.js';
import { RolloutEffects } from '../../src/cli/hosts/rollout-effects.js';
import { runRollout } from '../../src/cli/hosts/rollout-run.js';
import { beginning } from '../../src/cli/hosts/rollout.model.js';
import type { ReleaseName } from '../../src/cli/hosts/unreported.js';
import { startApplication, type TestApplication } from '../support/application.js';
import { deploymentRequests } from '../support/deployment-requests.js';
import { aRelease, digestOf, type SlotFixture, unique } from '../support/fixtures.js';
import { SimulatedHost } from '../support/simulated-host.js';

let app: TestApplication;
const { aRunningSlot } = deploymentRequests(() => app);

beforeAll(async () => {
  app = await startApplication();
});
afterAll(() => app.close());

const named: ReleaseName = { version: '2.0.0', gitSha: '2'.repeat(40) };

/** By readiness alone. A bad release does not stay ready. */
async function deployAlone(
  { service, environment }: SlotFixture,
  host: SimulatedHost,
  digest: string,
  { name = named, isBad = false }: { name?: ReleaseName | null; isBad?: boolean } = {},
): Promise<void> {
  const watch = async (): Promise<void> => {
    if (isBad && host.live?.digest === digest) throw new Error('it is not ready any more');
  };
  const ledger = new ReadinessLedger(watch, 1);
  const { signal } = new AbortController();
  const plan = { service, environment, container: { repository: 'registry.example.com/demo' } } as ServicePlan;
  const who = { owner: randomUUID(), deployer: 'somebody@here', taken: new Map(), begun: null };
  const begin = () => ledger.create(digest);
  const how = { signal, verify: null, hasLedger: false, name, begin, isReturn: false, back: null };
  const parties = { plan, hosts: [host], ledger, ...who, ...how, lookSeconds: 1, report: () => {} };
  await runRollout(beginning([[host.name]]), new RolloutEffects(parties), () => {});
}

async function standingOf(host: SimulatedHost): Promise<HostStanding> {
  const unreported = await host.unreported.list();
  return {
    host: host.name,
    unreachable: null,
    live: host.live,
    differing: [],
    journal: null,
    isChanged: false,
    unreported,
  };
}

function reporterAs(role: 'deployer' | 'admin', { service, environment }: SlotFixture): Reporter {
  const token = () => app.tokens[role];
  const client = createPlimsollClient({ url: app.url, token, retryForMs: 0 });
  return new Reporter(client, { service, environment }, new AbortController().signal);
}

/** As a report begins it, and is cut off then. */
async function beginReport(slot: SlotFixture, digest: string, externalId: string, retryOf: string | null = null) {
  const { service, environment } = slot;
  const { body } = await app.request('POST', '/v1/deployments', {
    token: app.tokens.deployer,
    headers: { 'idempotency-key': externalId },
    body: { service, environment, digest, kind: 'deploy', externalId, retryOf },
  });
  return body as { id: string; fence: number };
}

/** As if its lease had run out. */
async function letFail({ id, fence }: { id: string; fence: number }): Promise<void> {
  await app.request('POST', `/v1/deployments/${id}/failed`, { body: { fence, reason: 'as if its lease had run out' } });
}

const historyOf = async ({ service }: SlotFixture) =>
  (await app.request('GET', `/v1/deployments?service=${service}`)).body.items as {
    state: string;
    imported: boolean;
    release: { digest: string };
  }[];

describe('a deployment without the ledger', () => {
  it('is remembered by its hosts, with what it was, until the ledger has heard of it', async () => {
    const { slot, next } = await aRunningSlot();
    const host = new SimulatedHost('a');
    await deployAlone(slot, host, next.digest);
    expect(await host.unreported.list()).toEqual([
      expect.objectContaining({
        digest: next.digest,
        state: 'promoted',
        deployer: 'somebody@here',
        name: named,
        before: null,
      }),
    ]);
  });

  it('that changed no host is nothing to tell', async () => {
    const { slot, next } = await aRunningSlot();
    const host = new SimulatedHost('a');
    host.slot.pull = () => Promise.reject(new Error('there is no such image'));
    await deployAlone(slot, host, next.digest);
    expect(await host.unreported.list()).toEqual([]);
  });
});

describe('the report', () => {
  it('of what the hosts serve is a deployment that the gate judges, and is made once however often it is told', async () => {
    const { slot, next } = await aRunningSlot();
    const host = new SimulatedHost('a');
    await deployAlone(slot, host, next.digest);
    const { past, served } = toReport([await standingOf(host)]);
    expect(past).toEqual([]);
    const reporter = reporterAs('deployer', slot);
    const { id } = await reporter.tellServed(served!, undefined);
    expect(await reporter.tellServed(served!, undefined)).toMatchObject({ id });
    expect((await historyOf(slot)).filter(({ release }) => release.digest === next.digest)).toHaveLength(1);
    expect((await app.request('GET', slot.path)).body).toMatchObject({ runningRelease: { digest: next.digest } });
  });

  it('that was cut off before it said what runs is gone on with, after its lease too', async () => {
    const { slot, next } = await aRunningSlot();
    const host = new SimulatedHost('a');
    await deployAlone(slot, host, next.digest);
    const { served } = toReport([await standingOf(host)]);
    const begun = await beginReport(slot, next.digest, `plimsoll-unreported-${served!.deployment}`);
    await letFail(begun);
    const told = await reporterAs('deployer', slot).tellServed(served!, undefined);
    expect(told).toMatchObject({ retryOf: begun.id, state: expect.stringMatching(/verifying|promoted/) as unknown });
  });

  it('that failed 20 times is given up, with how to go on', async () => {
    const { slot, next } = await aRunningSlot();
    const host = new SimulatedHost('a');
    await deployAlone(slot, host, next.digest);
    const { served } = toReport([await standingOf(host)]);
    const own = `plimsoll-unreported-${served!.deployment}`;
    let retryOf: string | null = null;
    for (let n = 0; n < 20; n += 1) {
      const externalId: string = retryOf === null ? own : `${own}-${retryOf}`;
      const begun = await beginReport(slot, next.digest, externalId, retryOf);
      await letFail(begun);
      retryOf = begun.id;
    }
    await expect(reporterAs('deployer', slot).tellServed(served!, undefined)).rejects.toMatchObject({
      ending: 'error',
      message: 'It was begun in the ledger 20 times, and failed each time.',
      why: `The newest of these deployments is ${retryOf}.`,
      mend: expect.stringContaining('Deploy what the hosts serve again') as unknown,
    });
  });

  it('of what is over is history, in its order and with its own times, and takes an admin', async () => {
    const { slot, running } = await aRunningSlot();
    const host = new SimulatedHost('a');
    const [first, second] = [digestOf(unique('alone')), digestOf(unique('alone'))];
    await deployAlone(slot, host, first, { name: { ...named, version: '2.0.0' } });
    await deployAlone(slot, host, second, { name: { ...named, version: '2.0.1' }, isBad: true });
    const { past, served } = toReport([await standingOf(host)]);
    expect(served?.digest).toBe(first);
    expect(past.map(({ digest, state }) => [digest, state])).toEqual([[second, 'rejected']]);
    const all = [served!, ...past];
    await expect(reporterAs('deployer', slot).tellPast(all)).rejects.toMatchObject({ status: 403 });
    const reporter = reporterAs('admin', slot);
    await reporter.tellPast(all);
    await reporter.tellPast(all);
    const imported = (await historyOf(slot)).filter((one) => one.imported);
    expect(imported.map(({ release, state }) => [release.digest, state]).toSorted()).toEqual(
      [
        [first, 'promoted'],
        [second, 'rejected'],
      ].toSorted(),
    );
    // What was told as history does not change what the ledger takes for running.
    expect((await app.request('GET', slot.path)).body).toMatchObject({ runningRelease: { digest: running.digest } });
  });

  it('of a release that nobody has named says which one is to be put', async () => {
    const { slot } = await aRunningSlot();
    const host = new SimulatedHost('a');
    const digest = digestOf(unique('alone'));
    await deployAlone(slot, host, digest, { name: null });
    const { served } = toReport([await standingOf(host)]);
    const telling = reporterAs('deployer', slot).tellServed(served!, undefined);
    await expect(telling).rejects.toMatchObject({
      ending: 'usage',
      mend: expect.stringContaining(`releases/${digest}`) as unknown,
    });
    await aRelease(app, { service: slot.service, digest });
    const told = await reporterAs('deployer', slot).tellServed(served!, undefined);
    expect(told).toMatchObject({ release: { digest } });
  });
});
