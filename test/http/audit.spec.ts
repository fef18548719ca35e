import { DeploymentDeadlines } from '../../src/delivery/deployments/lifecycle/deployment-deadlines.js';
import { type TestApplication, startApplication } from '../support/application.js';
import { deploymentRequests } from '../support/deployment-requests.js';
import { aDeployment, aRelease, aSlot, type SlotFixture } from '../support/fixtures.js';

let app: TestApplication;

beforeAll(async () => {
  app = await startApplication();
});
afterAll(() => app.close());

const { create, report, rollBack, ship, aRunningSlot } = deploymentRequests(() => app);

interface Entry {
  readonly action: string;
  readonly actor: string;
  readonly request_id: string | null;
  readonly before: object | null;
  readonly after: object | null;
}

function entriesOf(subject: string): Promise<Entry[]> {
  const sql = 'select action, actor, request_id, before, after from audit_log where subject = $1 order by id';
  return app.database.query<Entry>('audit-of', sql, [subject]);
}

const actionsOf = async (subject: string) => (await entriesOf(subject)).map(({ action }) => action);

const asOperator = (path: string, body: object, method = 'POST') =>
  app.request(method, path, { token: app.tokens.operator, headers: { 'x-request-id': 'a-request' }, body });

/** A deployment on hold: no gate was put for its slot. */
async function aHeld(slot?: SlotFixture) {
  return aDeployment(app, { ...(slot ?? (await aSlot(app, { gate: null }))), state: 'verifying' });
}

describe('the audit log', () => {
  it('has a deployment from its creation to its end, with who did what', async () => {
    const slot = await aSlot(app);
    const { digest } = await aRelease(app, { service: slot.service });
    const { body } = await create(slot, digest);
    await report(body.id, 'deployed', { fence: body.fence });
    const { service, environment } = slot;
    expect(await entriesOf(body.id)).toMatchObject([
      {
        action: 'deployment.create',
        actor: 'deployer',
        before: null,
        after: { service, environment, digest, state: 'in_progress', override: null },
      },
      {
        action: 'deployment.deployed',
        actor: 'admin',
        before: { state: 'in_progress', fence: 1 },
        after: { state: 'verifying', fence: 1 },
      },
      {
        action: 'deployment.verdict-promote',
        actor: 'plimsoll',
        before: { state: 'verifying' },
        after: { state: 'promoted', reason: 'ungated' },
      },
    ]);
  });

  it.each([
    ['failed', { reason: 'disk full' }, { state: 'failed', reason: 'failed', detail: 'disk full' }],
    ['cancel', { reason: 'no', hostsChanged: false }, { state: 'cancelled', reason: 'cancelled', detail: 'no' }],
  ])('has what a deployer reports: %s', async (event, body, after) => {
    const { id, fence } = await aDeployment(app);
    await report(id, event, { ...body, fence });
    const before = { state: 'in_progress', fence };
    expect((await entriesOf(id)).at(-1)).toMatchObject({
      action: `deployment.${event}`,
      actor: 'admin',
      before,
      after,
    });
  });

  it('has a decision and a mark, with the request that they came by', async () => {
    const { id } = await aHeld();
    await asOperator(`/v1/deployments/${id}/decision`, { decision: 'promote', reason: 'looked at it' });
    await asOperator(`/v1/deployments/${id}/mark`, { bad: true, reason: 'leaks' });
    expect((await entriesOf(id)).slice(-2)).toMatchObject([
      {
        action: 'deployment.decide-promote',
        actor: 'operator',
        request_id: 'a-request',
        before: { state: 'on_hold' },
        after: { state: 'promoted', reason: 'decided' },
      },
      {
        action: 'deployment.mark',
        actor: 'operator',
        request_id: 'a-request',
        before: { bad: false, badReason: null },
        after: { bad: true, badReason: 'leaks' },
      },
    ]);
  });

  it('has a rollback, and of the deployment that it preempts who did that', async () => {
    const { slot, running, next } = await aRunningSlot();
    const cut = await aDeployment(app, { ...slot, digest: next.digest });
    const { body } = await rollBack(slot, { force: true });
    expect((await entriesOf(cut.id)).at(-1)).toMatchObject({
      action: 'deployment.preempt',
      actor: 'operator',
      before: { state: 'in_progress', fence: cut.fence },
      after: { state: 'failed', reason: 'preempted' },
    });
    expect(await entriesOf(body.id)).toMatchObject([
      {
        action: 'deployment.rollback',
        actor: 'operator',
        after: { remediates: cut.id, reason: 'a test', force: true },
      },
    ]);
    expect(body.release.digest).toBe(running.digest);
  });

  it.each([
    ['a newer one in the queue', (slot: SlotFixture, digest: string) => create(slot, digest, { onConflict: 'queue' })],
    ['a rollback', (slot: SlotFixture) => rollBack(slot, { force: true }, app.tokens.admin)],
  ])('has a deployment that is superseded by %s, with who asked for that', async (_what, overtake) => {
    const { slot, next } = await aRunningSlot();
    await aDeployment(app, { ...slot, digest: next.digest });
    const { body: waiting } = await create(slot, next.digest, { onConflict: 'queue' });
    const { body: newer } = await overtake(slot, next.digest);
    expect((await entriesOf(waiting.id)).at(-1)).toMatchObject({
      action: 'deployment.supersede',
      actor: newer.actor,
      before: { state: 'queued', fence: null },
      after: { state: 'superseded', detail: expect.stringContaining(newer.id) },
    });
  });

  it('has what the queue does by itself', async () => {
    const slot = await aSlot(app);
    const first = await ship(slot);
    const holder = await aDeployment(app, { ...slot, digest: first.digest });
    const { body: waiting } = await create(slot, first.digest, { onConflict: 'queue' });
    await report(holder.id, 'deployed', { fence: holder.fence });
    expect((await entriesOf(waiting.id)).at(-1)).toMatchObject({
      action: 'deployment.start',
      actor: 'plimsoll',
      after: { state: 'in_progress', fence: holder.fence + 1 },
    });
  });

  it.each([
    ['lease', () => aDeployment(app), 'deployment.lease-expired', 'failed'],
    ['hold', () => aHeld(), 'deployment.hold-timeout', 'rejected'],
  ])('has a %s that ran out as the doing of Plimsoll', async (_what, make, action, state) => {
    const { id } = await make();
    const longAgo = `update deployments set started_at = started_at - interval '1 day', held_at = held_at - interval '1 day'
      where id = $1`;
    await app.database.query('long-ago', longAgo, [id]);
    await app.nest.get(DeploymentDeadlines).sweep();
    expect((await entriesOf(id)).at(-1)).toMatchObject({ action, actor: 'plimsoll', after: { state } });
  });

  it('has neither heartbeats nor observations', async () => {
    const slot = await aSlot(app, { hosts: [{ name: 'a', url: 'http://127.0.0.1:1' }] });
    const { id, fence, release } = await aDeployment(app, slot);
    await report(id, 'heartbeat', { fence });
    await app.request('POST', `${slot.path}/observations`, { body: { host: 'a', digest: release.digest } });
    expect(await actionsOf(id)).toEqual(['deployment.create']);
    expect(await actionsOf(`${slot.path.slice(4)}/observations`)).toEqual([]);
  });

  it('has what an event that is repeated did once', async () => {
    const { id, fence } = await aDeployment(app);
    for (const _ of [1, 2]) await report(id, 'failed', { fence, reason: 'x' });
    expect(await actionsOf(id)).toEqual(['deployment.create', 'deployment.failed']);
  });

  it('has hosts as they were and as they are', async () => {
    const slot = await aSlot(app, { hosts: [{ name: 'a', url: 'http://127.0.0.1:1' }] });
    await asOperator(`${slot.path}/hosts`, { hosts: [{ name: 'b', url: 'http://127.0.0.1:2' }] }, 'PUT');
    expect((await entriesOf(`${slot.path.slice(4)}/hosts`)).at(-1)).toMatchObject({
      action: 'hosts.put',
      actor: 'operator',
      request_id: 'a-request',
      before: { hosts: [{ name: 'a' }] },
      after: { hosts: [{ name: 'b' }] },
    });
  });

  it('has a release once, however often it is put', async () => {
    const release = await aRelease(app);
    await aRelease(app, release);
    const { service, digest, version, gitSha } = release;
    expect(await entriesOf(`services/${service}/releases/${digest}`)).toMatchObject([
      { action: 'release.put', actor: 'admin', before: null, after: { version, gitSha, commits: 1 } },
    ]);
  });
});
