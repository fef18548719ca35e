import { AsyncLocalStorage } from 'node:async_hooks';
import { DeploymentDeadlines } from '../../src/delivery/deployments/lifecycle/deployment-deadlines.js';
import { FreezesReader } from '../../src/delivery/freezes/freezes.reader.js';
import { type Answer, problem, startApplication, type TestApplication } from '../support/application.js';
import { codeOf, deploymentRequests } from '../support/deployment-requests.js';
import { eventually } from '../support/eventually.js';
import { FakeClock } from '../support/fake-clock.js';
import { aDeployment, anEnvironment, aRelease, aSlot, type SlotFixture } from '../support/fixtures.js';

let app: TestApplication;
const clock = new FakeClock();

beforeAll(async () => {
  app = await startApplication({ clock });
});
afterAll(() => app.close());

const { create, report, get, ship, rollBack } = deploymentRequests(() => app);
const sweep = () => app.nest.get(DeploymentDeadlines).sweep();

const HOUR_MS = 60 * 60_000;
const inHours = (hours: number) => new Date(clock.now().getTime() + hours * HOUR_MS).toISOString();

const post = (body: object) => app.request('POST', '/v1/freezes', { body });
const remove = (id: string) => app.request('DELETE', `/v1/freezes/${id}`);

/** A freeze that began an hour ago and goes on for another one. */
async function freeze(body: object): Promise<Answer['body']> {
  const answer = await post({ from: inHours(-1), to: inHours(1), reason: 'the holidays', ...body });
  expect(answer.status).toBe(201);
  return answer.body;
}

async function deploy(slot: SlotFixture, body: object = {}): Promise<Answer> {
  return create(slot, (await aRelease(app, { service: slot.service })).digest, body);
}

/** A slot whose queue holds a deployment, and nothing else holds the slot; and the freeze that it waits for. */
async function aFrozenQueue() {
  const slot = await aSlot(app);
  const holder = await aDeployment(app, { ...slot });
  const waiting = (await deploy(slot, { onConflict: 'queue' })).body;
  const { id: freezeId } = await freeze({ environment: slot.environment });
  await report(holder.id, 'deployed', { fence: holder.fence });
  await sweep();
  const stateOf = async () => (await get(waiting.id)).body.state;
  expect(await stateOf()).toBe('queued');
  return { slot, waiting, freezeId, stateOf };
}

const outside = AsyncLocalStorage.snapshot();

/** Resolves once somebody waits for a lock of this kind. */
const somebodyWaits = (handle: { query(sql: string): Promise<unknown[]> }, lock: 'advisory' | 'relation') =>
  eventually(async () => {
    const sql = `select from pg_stat_activity where datname = current_database() and wait_event = '${lock}'`;
    expect(await handle.query(sql)).not.toHaveLength(0);
  });

describe('a window', () => {
  it('keeps new deployments from starting, tells until when, and has not its end', async () => {
    const slot = await aSlot(app);
    const { id, to } = await freeze({ environment: slot.environment });
    const state = { frozen: true, known: true, nextOpen: to, reasons: [{ kind: 'window', id, until: to }] };
    expect(await deploy(slot)).toMatchObject(problem(409, 'frozen', { freeze: state }));
    expect((await app.request('GET', `/v1/environments/${slot.environment}/freeze`)).body).toMatchObject(state);
    expect((await app.request('GET', slot.path)).body.freeze).toMatchObject(state);
    clock.set(new Date(Date.parse(to) - 1));
    expect(codeOf(await deploy(slot))).toBe('frozen');
    clock.advance(1);
    const { status, body } = await deploy(slot);
    expect([status, body.freezeDecision]).toEqual([201, { frozen: false, known: true, override: null, at: to }]);
    const open = { frozen: false, known: true, nextOpen: null, reasons: [] };
    expect((await app.request('GET', `/v1/environments/${slot.environment}/freeze`)).body).toEqual(open);
  });

  it.each([
    ['an environment', ({ environment }: SlotFixture) => ({ environment }), [409, 409, 201]],
    ['a service', ({ service }: SlotFixture) => ({ service }), [409, 201, 409]],
    ['a slot', ({ service, environment }: SlotFixture) => ({ service, environment }), [409, 201, 201]],
    ['everything', () => ({}), [409, 409, 409]],
  ])('for %s freezes that and nothing else', async (_what, scopeOf, statuses) => {
    const slot = await aSlot(app);
    const sameEnvironment = await aSlot(app, { environment: slot.environment });
    const sameService = await aSlot(app, { service: slot.service });
    const { id } = await freeze(scopeOf(slot));
    const answers = [await deploy(slot), await deploy(sameEnvironment), await deploy(sameService)];
    expect(answers.map(({ status }) => status)).toEqual(statuses);
    await remove(id);
  });

  it('shows in the freeze of an environment only if it is for all of its services', async () => {
    const { service, environment } = await aSlot(app);
    await freeze({ service, environment });
    const path = `/v1/environments/${environment}/freeze`;
    expect((await app.request('GET', path)).body.frozen).toBe(false);
    expect((await app.request('GET', `${path}?service=${service}`)).body.frozen).toBe(true);
  });

  it('can be overridden by an operator, with a reason that is kept', async () => {
    const slot = await aSlot(app);
    await freeze({ environment: slot.environment });
    const { digest } = await aRelease(app, { service: slot.service });
    const { service, environment } = slot;
    const body = { service, environment, digest, override: { freeze: 'card payments are down' } };
    const asWhom = (token: string) =>
      app.request('POST', '/v1/deployments', { token, headers: { 'idempotency-key': 'override' }, body });
    expect((await asWhom(app.tokens.deployer)).status).toBe(403);
    const overridden = await asWhom(app.tokens.operator);
    expect([overridden.status, overridden.body.freezeDecision]).toEqual([
      201,
      {
        frozen: true,
        known: true,
        override: { actor: 'operator', reason: 'card payments are down' },
        at: clock.now().toISOString(),
      },
    ]);
    const sql = `select after from audit_log where subject = $1 and action = 'deployment.create'`;
    const [entry] = await app.database.query<{ after: object }>('audit-of-override', sql, [overridden.body.id]);
    expect(entry?.after).toMatchObject({ override: { actor: 'operator', reason: 'card payments are down' } });
  });

  it('holds up no rollback, and nothing that runs', async () => {
    const slot = await aSlot(app);
    for (const _ of [1, 2]) await ship(slot);
    const running = await aDeployment(app, {
      ...slot,
      digest: (await aRelease(app, { service: slot.service })).digest,
    });
    await freeze({ environment: slot.environment });
    expect((await report(running.id, 'deployed', { fence: running.fence })).body.state).toBe('promoted');
    expect((await rollBack(slot)).status).toBe(201);
  });

  it('tells no end where it is more than 90 days away', async () => {
    const { slug: environment } = await anEnvironment(app);
    const { to } = await freeze({ environment, to: inHours(91 * 24) });
    const { body } = await app.request('GET', `/v1/environments/${environment}/freeze`);
    expect(body).toMatchObject({ nextOpen: null, reasons: [{ until: to }] });
  });
});

describe('a weekly freeze', () => {
  it('freezes by the clocks of its zone, and touches the next one', async () => {
    const slot = await aSlot(app);
    const hours = { from: '16:00', to: '00:00', timeZone: 'Europe/Berlin' };
    await post({ environment: slot.environment, weekly: { days: ['fri'], ...hours }, reason: 'Friday' });
    const weekend = { days: ['sat', 'sun'], from: '00:00', to: '00:00', timeZone: 'Europe/Berlin' };
    await post({ environment: slot.environment, weekly: weekend, reason: 'weekend' });
    const now = clock.now();
    clock.set(new Date('2027-03-26T14:59:59.999Z'));
    expect((await deploy(slot)).status).toBe(201);
    clock.advance(1);
    const { body } = await app.request('GET', `/v1/environments/${slot.environment}/freeze`);
    // The clocks of Berlin are put forward in that weekend.
    expect(body).toMatchObject({
      frozen: true,
      nextOpen: '2027-03-28T22:00:00.000Z',
      reasons: [{ kind: 'weekly', reason: 'Friday', until: '2027-03-26T23:00:00.000Z' }],
    });
    clock.set(now);
  });
});

describe('a deployment in a frozen queue', () => {
  it('starts by itself when the window ends', async () => {
    const { stateOf } = await aFrozenQueue();
    clock.advance(HOUR_MS - 1);
    await sweep();
    expect(await stateOf()).toBe('queued');
    clock.advance(1);
    await eventually(async () => expect(await stateOf()).toBe('in_progress'));
  });

  it('starts by itself when the freeze is deleted', async () => {
    const { freezeId, stateOf } = await aFrozenQueue();
    await remove(freezeId);
    await eventually(async () => expect(await stateOf()).toBe('in_progress'));
  });

  it('starts once, where two instances see the freeze end; also where neither saw it begin', async () => {
    const { slot, waiting, stateOf } = await aFrozenQueue();
    const { databaseUrl } = app;
    const later = new FakeClock(new Date(clock.now().getTime() + HOUR_MS));
    const others = await Promise.all(
      [1, 2].map(() => startApplication({ databaseUrl, withoutTokens: true, clock: later })),
    );
    await eventually(async () => expect(await stateOf()).toBe('in_progress'));
    await Promise.all(others.map(({ nest }) => nest.get(DeploymentDeadlines).sweep()));
    const sql = `select count(*)::int as count from events where deployment_id = $1 and type = 'deployment.start'`;
    expect(await app.database.query('starts-of', sql, [waiting.id])).toEqual([{ count: 1 }]);
    expect((await app.request('GET', slot.path)).body.activeDeployment).toMatchObject({ id: waiting.id });
    await Promise.all(others.map((other) => other.close()));
  });
});

describe('a deployment and a freeze at once', () => {
  it('do not overtake each other: a freeze is planned once what was judged without it has started', async () => {
    const slot = await aSlot(app);
    const { digest } = await aRelease(app, { service: slot.service });
    const order: string[] = [];
    const requests: Promise<unknown>[] = [];
    await app.database.transaction(async (tx) => {
      // A deployment is judged, and then waits for this; no sweep does.
      await tx.query('lock table idempotent_replies in share mode');
      requests.push(outside(() => create(slot, digest).then(({ status }) => order.push(`deployment ${status}`))));
      await somebodyWaits(tx, 'relation');
      const body = { environment: slot.environment, from: inHours(-1), to: inHours(1), reason: 'now' };
      requests.push(outside(() => post(body).then(({ status }) => order.push(`freeze ${status}`))));
      await somebodyWaits(tx, 'advisory');
    });
    await Promise.all(requests);
    expect(order.toSorted()).toEqual(['deployment 201', 'freeze 201']);
    expect(codeOf(await deploy(await aSlot(app, { environment: slot.environment })))).toBe('frozen');
  });

  it('do not overtake each other: what is judged while a freeze is planned is judged with it', async () => {
    const slot = await aSlot(app);
    const { digest } = await aRelease(app, { service: slot.service });
    const made: Promise<Answer>[] = [];
    await app.database.transaction(async (tx) => {
      await app.nest.get(FreezesReader).lock(tx);
      made.push(outside(() => create(slot, digest)));
      await somebodyWaits(tx, 'advisory');
      await tx.query(
        `insert into freezes values (gen_random_uuid(), $1, null, $2, $3, null, 'in between', 'a test', $2)`,
        [slot.environment, clock.now(), new Date(clock.now().getTime() + HOUR_MS)],
      );
    });
    expect(codeOf((await made[0])!)).toBe('frozen');
  });
});
