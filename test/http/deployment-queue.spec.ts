import { AsyncLocalStorage } from 'node:async_hooks';
import { type TestApplication, startApplication } from '../support/application.js';
import { codeOf, deploymentRequests } from '../support/deployment-requests.js';
import { eventually } from '../support/eventually.js';
import { aDeployment, aRelease, aSlot, anEnvironment } from '../support/fixtures.js';
import { FakeClock } from '../support/fake-clock.js';
import { DeploymentDeadlines } from '../../src/delivery/deployments/lifecycle/deployment-deadlines.js';
import { FreezesReader } from '../../src/delivery/freezes/freezes.reader.js';

let app: TestApplication;
const clock = new FakeClock();
const frozen = new Set<string>();
const unknown = new Set<string>();

beforeAll(async () => {
  app = await startApplication({ clock });
  app.nest.get(FreezesReader).register({
    judge: async (_handle, { environment }) => ({
      known: !unknown.has(environment),
      reasons: frozen.has(environment) ? [{ kind: 'flag', id: 'f', reason: 'the holidays', until: null }] : [],
    }),
  });
});
afterAll(() => app.close());

const { create, report, get, ship, rollBack } = deploymentRequests(() => app);

/** A slot in which one deployment is in progress and another one waits. */
async function aBusySlot(queued: object = {}) {
  const slot = await aSlot(app);
  const first = await ship(slot, { sequenceKey: '2026-01-01T00:00:00Z' });
  const holder = await aDeployment(app, {
    ...slot,
    digest: (await aRelease(app, { service: slot.service })).digest,
    body: { sequenceKey: '2026-01-03T00:00:00Z' },
  });
  const release = await aRelease(app, { service: slot.service });
  const waiting = await create(slot, release.digest, { onConflict: 'queue', ...queued });
  return { slot, first, holder, release, waiting };
}

/** Older copies of a queued deployment, each in a slot of its own, in an environment that is frozen; its slug. */
async function queueElsewhere(count: number, id: string): Promise<string> {
  const { slug } = await anEnvironment(app);
  frozen.add(slug);
  await app.database.transaction(async (tx) => {
    await tx.query(
      `insert into services select $1 || n, '', null, null, now(), now() from generate_series(1, $2::int) n`,
      [`${slug}-`, count],
    );
    await tx.query(
      `insert into slots select gen_random_uuid(), slug, $1, null, now(), now() from services where slug like $1 || '-%'`,
      [slug],
    );
    await tx.query(
      `insert into deployments select (jsonb_populate_record(d, jsonb_build_object('id', gen_random_uuid(),
         'slot_id', s.id, 'environment', s.environment, 'created_at', d.created_at - interval '1 day'))).*
       from deployments d, slots s where d.id = $1 and s.environment = $2`,
      [id, slug],
    );
  });
  return slug;
}

describe('the queue of a slot', () => {
  it('takes a deployment that asks for it, without a fence', async () => {
    const { waiting } = await aBusySlot();
    expect(waiting.status).toBe(201);
    expect(waiting.body).toMatchObject({ state: 'queued', fence: null, verdict: 'pending', startedAt: null });
  });

  it('starts its deployment when the slot becomes free, over what runs then', async () => {
    const { holder, waiting } = await aBusySlot();
    await report(holder.id, 'deployed', { fence: holder.fence });
    expect((await get(waiting.body.id)).body).toMatchObject({
      state: 'in_progress',
      fence: holder.fence + 1,
      previousRelease: { digest: holder.release.digest },
    });
  });

  it.each([
    ['failed', { reason: 'x' }],
    ['cancel', { reason: 'x', hostsChanged: false }],
  ])('starts it also when the holder ends with %s', async (event, body) => {
    const { holder, waiting } = await aBusySlot();
    await report(holder.id, event, { ...body, fence: holder.fence });
    expect((await get(waiting.body.id)).body.state).toBe('in_progress');
  });

  it('holds one deployment: a newer one supersedes the older', async () => {
    const { slot, release, waiting } = await aBusySlot();
    const newer = await create(slot, release.digest, { onConflict: 'queue' });
    expect((await get(waiting.body.id)).body).toMatchObject({
      state: 'superseded',
      verdict: 'none',
      reason: 'superseded',
    });
    expect((await get(newer.body.id)).body.state).toBe('queued');
  });

  it('lets a deployment go that was cancelled, with the fence that it has not', async () => {
    const { waiting } = await aBusySlot();
    expect(codeOf(await report(waiting.body.id, 'cancel', { fence: 1, reason: 'x' }))).toBe('stale-fence');
    const cancelled = await report(waiting.body.id, 'cancel', { fence: null, reason: 'x' });
    expect(cancelled.body).toMatchObject({ state: 'cancelled', verdict: 'none' });
  });

  it('supersedes what has become stale by the time the slot is free', async () => {
    const { holder, waiting } = await aBusySlot({ sequenceKey: '2026-01-02T00:00:00Z' });
    await report(holder.id, 'deployed', { fence: holder.fence });
    expect((await get(waiting.body.id)).body).toMatchObject({ state: 'superseded', reason: 'superseded' });
  });

  it('judges the expected release again: what was running at first is not any more', async () => {
    const slot = await aSlot(app);
    const first = await ship(slot);
    const holder = await aDeployment(app, { ...slot, digest: (await aRelease(app, { service: slot.service })).digest });
    const body = { onConflict: 'queue', expectedPrevious: first.digest };
    const waiting = await create(slot, first.digest, body);
    await report(holder.id, 'deployed', { fence: holder.fence });
    expect((await get(waiting.body.id)).body.state).toBe('superseded');
  });

  it('keeps its deployment through a freeze, and starts it by itself afterwards', async () => {
    const { slot, holder, waiting } = await aBusySlot();
    frozen.add(slot.environment);
    await report(holder.id, 'deployed', { fence: holder.fence });
    await app.nest.get(DeploymentDeadlines).sweep();
    expect((await get(waiting.body.id)).body.state).toBe('queued');
    frozen.delete(slot.environment);
    await app.nest.get(DeploymentDeadlines).sweep();
    expect((await get(waiting.body.id)).body.state).toBe('in_progress');
  });

  it('keeps the override that its deployment came with', async () => {
    const { slot, holder, release } = await aBusySlot();
    frozen.add(slot.environment);
    const overriding = await app.request('POST', '/v1/deployments', {
      token: app.tokens.operator,
      headers: { 'idempotency-key': slot.service },
      body: {
        service: slot.service,
        environment: slot.environment,
        digest: release.digest,
        onConflict: 'queue',
        override: { freeze: 'outage' },
      },
    });
    expect(overriding.body.state).toBe('queued');
    await report(holder.id, 'deployed', { fence: holder.fence });
    expect((await get(overriding.body.id)).body).toMatchObject({
      state: 'in_progress',
      freezeDecision: { frozen: true, override: { reason: 'outage' } },
    });
  });

  it('starts its deployment however many others wait for a freeze to end', async () => {
    const { slot, holder, waiting } = await aBusySlot();
    frozen.add(slot.environment);
    await report(holder.id, 'deployed', { fence: holder.fence });
    const elsewhere = await queueElsewhere(100, waiting.body.id);
    frozen.delete(slot.environment);
    await app.nest.get(DeploymentDeadlines).sweep();
    expect((await get(waiting.body.id)).body.state).toBe('in_progress');
    // Or every sweep of the tests to come would try to start them.
    await app.database.query('no-more-elsewhere', 'delete from deployments where environment = $1', [elsewhere]);
  });

  it('starts nothing over something newer that a freeze was overridden for', async () => {
    const { slot, holder, waiting } = await aBusySlot();
    frozen.add(slot.environment);
    await report(holder.id, 'deployed', { fence: holder.fence });
    const { digest } = await aRelease(app, { service: slot.service });
    const newer = await app.request('POST', '/v1/deployments', {
      token: app.tokens.operator,
      headers: { 'idempotency-key': slot.service },
      body: { service: slot.service, environment: slot.environment, digest, override: { freeze: 'outage' } },
    });
    expect((await get(waiting.body.id)).body).toMatchObject({
      state: 'superseded',
      reasons: [{ code: 'superseded', detail: expect.stringContaining(newer.body.id) }],
    });
    await report(newer.body.id, 'deployed', { fence: newer.body.fence });
    frozen.delete(slot.environment);
    await app.nest.get(DeploymentDeadlines).sweep();
    expect((await app.request('GET', slot.path)).body).toMatchObject({
      runningRelease: { digest },
      activeDeployment: null,
    });
  });

  it('is left without its deployment by a rollback that took the slot', async () => {
    const { slot, waiting } = await aBusySlot();
    const rollback = await rollBack(slot, { force: true });
    expect((await get(waiting.body.id)).body).toMatchObject({ state: 'superseded', reason: 'superseded' });
    await report(rollback.body.id, 'deployed', { fence: rollback.body.fence });
    expect((await app.request('GET', slot.path)).body.activeDeployment).toBeNull();
  });
});

describe('a freeze', () => {
  it('keeps new deployments from starting, unless an operator overrides it with a reason', async () => {
    const slot = await aSlot(app);
    const { digest } = await aRelease(app, { service: slot.service });
    frozen.add(slot.environment);
    const refused = await create(slot, digest);
    expect([refused.status, codeOf(refused)]).toEqual([409, 'frozen']);
    const overridden = await app.request('POST', '/v1/deployments', {
      token: app.tokens.operator,
      headers: { 'idempotency-key': slot.service },
      body: { service: slot.service, environment: slot.environment, digest, override: { freeze: 'outage' } },
    });
    expect(overridden.body.freezeDecision).toMatchObject({
      frozen: true,
      override: { actor: 'operator', reason: 'outage' },
    });
    const { body } = await app.request('GET', `/v1/environments/${slot.environment}/freeze`);
    expect(body).toMatchObject({ frozen: true, known: true, reasons: [{ kind: 'flag', reason: 'the holidays' }] });
  });

  it('never holds up a rollback', async () => {
    const slot = await aSlot(app);
    await ship(slot);
    await ship(slot);
    frozen.add(slot.environment);
    const rollback = await rollBack(slot);
    expect(rollback.status).toBe(201);
    expect(rollback.body.freezeDecision).toMatchObject({ frozen: true, override: null });
  });

  it.each([
    ['production', 409],
    ['staging', 201],
  ] as const)('that nobody can know of stops deployments to %s with %i', async (tier, status) => {
    await app.request('PUT', `/v1/environments/unknown-${tier}`, { body: { tier } });
    const slot = await aSlot(app, { environment: `unknown-${tier}` });
    unknown.add(slot.environment);
    const { digest } = await aRelease(app, { service: slot.service });
    expect((await create(slot, digest)).status).toBe(status);
  });
});

describe('time', () => {
  it('fails a deployment of which nobody heard for fifteen minutes', async () => {
    const silent = await aDeployment(app);
    const alive = await aDeployment(app);
    clock.advance(14 * 60_000);
    await report(alive.id, 'heartbeat', { fence: alive.fence });
    clock.advance(60_000);
    await app.nest.get(DeploymentDeadlines).sweep();
    expect((await get(silent.id)).body).toMatchObject({ state: 'failed', verdict: 'none', reason: 'lease-expired' });
    expect((await get(alive.id)).body.state).toBe('in_progress');
    const { service, environment } = silent;
    const slot = await app.request('GET', `/v1/services/${service}/environments/${environment}`);
    expect(slot.body.runningReleaseState).toBe('unknown');
  });

  it('spares a deployment that was heard of after it had been found silent', async () => {
    const { id } = await aDeployment(app);
    clock.advance(15 * 60_000);
    const outside = AsyncLocalStorage.snapshot();
    const { promise: swept, resolve } = Promise.withResolvers<void>();
    await app.database.transaction(async (tx) => {
      await tx.query(
        'select from slot_states where slot_id = (select slot_id from deployments where id = $1) for update',
        [id],
      );
      outside(() => void app.nest.get(DeploymentDeadlines).sweep().then(resolve));
      await eventually(async () => {
        const waiting = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
        expect(await tx.query(waiting)).not.toHaveLength(0);
      });
      await tx.query('update deployments set heartbeat_at = $2 where id = $1', [id, clock.now()]);
    });
    await swept;
    expect((await get(id)).body.state).toBe('in_progress');
  });

  it('counts no heartbeat of a deployment that is not in progress', async () => {
    const slot = await aSlot(app, { gate: null });
    const { id, fence } = await aDeployment(app, { ...slot, state: 'verifying' });
    const { status, body } = await report(id, 'heartbeat', { fence });
    expect([status, body.state, body.heartbeatAt]).toEqual([200, 'on_hold', null]);
  });

  it('rejects a hold that nobody decided for thirty minutes', async () => {
    const slot = await aSlot(app, { gate: null });
    const held = await aDeployment(app, { ...slot, state: 'verifying' });
    clock.advance(30 * 60_000 - 1);
    await app.nest.get(DeploymentDeadlines).sweep();
    expect((await get(held.id)).body.state).toBe('on_hold');
    clock.advance(1);
    await Promise.all([app.nest.get(DeploymentDeadlines).sweep(), app.nest.get(DeploymentDeadlines).sweep()]);
    expect((await get(held.id)).body).toMatchObject({ state: 'rejected', verdict: 'rollback', reason: 'hold-timeout' });
  });
});
