import { DeploymentDeadlines } from '../../src/delivery/deployments/lifecycle/deployment-deadlines.js';
import { FeatureFlags } from '../../src/operations/flags/feature-flags.js';
import { aHost, type FakeHost } from '../support/a-host.js';
import { FakeUnleash } from '../support/an-unleash.js';
import { startApplication, type TestApplication } from '../support/application.js';
import { codeOf, deploymentRequests } from '../support/deployment-requests.js';
import { eventually } from '../support/eventually.js';
import { FakeClock } from '../support/fake-clock.js';
import { aDeployment, anEnvironment, aRelease, aSlot } from '../support/fixtures.js';

let unleash: FakeUnleash;
let app: TestApplication;

beforeEach(async () => {
  unleash = await FakeUnleash.start();
});
afterEach(async () => {
  await app.close();
  await unleash.goAway();
});

const { create, get, report, rollBack, ship } = deploymentRequests(() => app);

async function start(clock?: FakeClock): Promise<void> {
  app = await startApplication({ settings: unleash.settings, ...(clock && { clock }) });
}
const synchronised = () => eventually(() => expect(app.nest.get(FeatureFlags).state().stale).toBe(false));

async function aSlotIn(tier: 'development' | 'staging' | 'production') {
  const environment = await anEnvironment(app, { tier });
  const slot = await aSlot(app, { environment: environment.slug });
  return { ...slot, digest: (await aRelease(app, { service: slot.service })).digest };
}
type Slot = Awaited<ReturnType<typeof aSlotIn>>;

const deploy = (slot: Slot) => create(slot, slot.digest);
const freezeOf = async ({ environment }: Slot) =>
  (await app.request('GET', `/v1/environments/${environment}/freeze`)).body;
const frozen = (slot: Slot) => eventually(async () => expect(await freezeOf(slot)).toMatchObject({ frozen: true }));
const override = (slot: Slot) =>
  app.request('POST', '/v1/deployments', {
    token: app.tokens.operator,
    headers: { 'idempotency-key': slot.digest },
    body: { service: slot.service, environment: slot.environment, digest: slot.digest, override: { freeze: 'outage' } },
  });

describe('the flag deploy-freeze', () => {
  it('keeps new deployments from starting, from one refresh to the next', async () => {
    await start();
    const slot = await aSlotIn('production');
    await synchronised();
    unleash.set('deploy-freeze', true);
    await frozen(slot);
    const reason = { kind: 'flag', id: 'deploy-freeze', reason: 'the flag deploy-freeze is on', until: null };
    expect(await freezeOf(slot)).toEqual({ frozen: true, known: true, nextOpen: null, reasons: [reason] });
    const refused = await deploy(slot);
    expect([refused.status, codeOf(refused)]).toEqual([409, 'frozen']);
    unleash.set('deploy-freeze', false);
    await eventually(async () => expect((await deploy(slot)).status).toBe(201));
  });

  it('freezes the environments and services that it is enabled for, and no others', async () => {
    await start();
    const [there, elsewhere] = [await aSlotIn('production'), await aSlotIn('production')];
    const constraint = { contextName: 'environment', operator: 'IN', values: [there.environment] } as const;
    unleash.set('deploy-freeze', true, [{ name: 'default', constraints: [constraint] }]);
    await frozen(there);
    expect(codeOf(await deploy(there))).toBe('frozen');
    expect((await deploy(elsewhere)).status).toBe(201);
  });

  it('keeps a queued deployment waiting, until it is switched off: nobody knows before when that is', async () => {
    await start();
    const slot = await aSlotIn('production');
    await synchronised();
    const holder = await aDeployment(app, { ...slot });
    const waiting = await create(slot, slot.digest, { onConflict: 'queue' });
    unleash.set('deploy-freeze', true);
    await frozen(slot);
    const hour = new Date(Date.now() + 3_600_000).toISOString();
    const window = { environment: slot.environment, from: new Date().toISOString(), to: hour, reason: 'a window' };
    const { id } = (await app.request('POST', '/v1/freezes', { body: window })).body;
    const { nextOpen, reasons } = await freezeOf(slot);
    expect([nextOpen, reasons.map(({ until }: { until: string | null }) => until).sort()]).toEqual([
      null,
      [hour, null],
    ]);
    await report(holder.id, 'deployed', { fence: holder.fence });
    await app.request('DELETE', `/v1/freezes/${id}`);
    await app.nest.get(DeploymentDeadlines).sweep();
    expect((await get(waiting.body.id)).body.state).toBe('queued');
    unleash.set('deploy-freeze', false);
    await eventually(async () => expect((await get(waiting.body.id)).body.state).toBe('in_progress'));
  });

  it('can be overridden by an operator, and never holds up a rollback', async () => {
    await start();
    const slot = await aSlotIn('production');
    await synchronised();
    await ship(slot);
    await ship(slot);
    unleash.set('deploy-freeze', true);
    await frozen(slot);
    expect(codeOf(await deploy(slot))).toBe('frozen');
    const rollback = await rollBack(slot);
    expect(rollback.status).toBe(201);
    await app.request('POST', `/v1/deployments/${rollback.body.id}/deployed`, { body: { fence: rollback.body.fence } });
    const { status, body } = await override(slot);
    expect(status).toBe(201);
    expect(body.freezeDecision).toMatchObject({ frozen: true, known: true, override: { reason: 'outage' } });
  });
});

describe('a freeze that nobody can know of', () => {
  it('stops production until Unleash has answered, and nothing else', async () => {
    unleash.refusesWith = 401;
    await start();
    const [production, staging] = [await aSlotIn('production'), await aSlotIn('staging')];
    const refused = await deploy(production);
    expect([refused.status, codeOf(refused)]).toEqual([409, 'freeze-unknown']);
    expect((await deploy(staging)).body.freezeDecision).toMatchObject({ frozen: false, known: false });
    unleash.refusesWith = null;
    await eventually(async () => expect((await deploy(production)).status).toBe(201));
  });

  it('can be overridden by an operator', async () => {
    unleash.refusesWith = 503;
    await start();
    const { status, body } = await override(await aSlotIn('production'));
    expect(status).toBe(201);
    expect(body.freezeDecision).toMatchObject({ known: false, override: { actor: 'operator', reason: 'outage' } });
  });

  it('begins 5 min after Unleash was heard for the last time', async () => {
    const clock = new FakeClock();
    await start(clock);
    const slot = await aSlotIn('production');
    await synchronised();
    await unleash.goAway();
    clock.set(new Date(app.nest.get(FeatureFlags).state().lastSuccess!.getTime() + 300_000));
    expect((await deploy(slot)).status).toBe(201);
    clock.advance(1);
    expect(codeOf(await deploy(await aSlotIn('production')))).toBe('freeze-unknown');
  });
});

describe('the flag automatic-rollback', () => {
  let host: FakeHost;

  afterEach(() => host.close());

  async function verdictOfABrokenRelease(): Promise<string> {
    host = await aHost({ '/readyz': { status: 500 } });
    const check = { name: 'ready', type: 'http', url: '{host.url}/readyz', intervalSeconds: 1 };
    const checks = [{ ...check, expect: [{ field: 'status', op: 'eq', value: 200 }], failAt: { total: 1 } }];
    const slot = await aSlot(app, { hosts: [host], gate: { warmUpSeconds: 0, bakeSeconds: 5, checks } });
    const { id } = await aDeployment(app, { ...slot, state: 'verifying' });
    return (await app.request('GET', `/v1/deployments/${id}/verdict?wait=30`)).body.verdict;
  }

  it('is on unless somebody says otherwise: a broken release is to be rolled back', async () => {
    await start();
    await synchronised();
    expect(await verdictOfABrokenRelease()).toBe('rollback');
  });

  it('switched off, leaves the decision to a person', async () => {
    unleash.set('automatic-rollback', false);
    await start();
    await synchronised();
    expect(await verdictOfABrokenRelease()).toBe('hold');
  });
});
