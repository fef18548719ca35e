import { randomUUID } from 'node:crypto';
import { type TestApplication, startApplication } from '../support/application.js';
import { codeOf, deploymentRequests } from '../support/deployment-requests.js';
import { aDeployment, aRelease, aSlot, digestOf } from '../support/fixtures.js';

let app: TestApplication;

beforeAll(async () => {
  app = await startApplication();
});
afterAll(() => app.close());

const { create, report, get, ship, rollBack, aRunningSlot } = deploymentRequests(() => app);
const slotOf = (path: string) => app.request('GET', path).then(({ body }) => body);

describe('a rollback', () => {
  it('is a deployment of its own, to the last known good, of what runs now', async () => {
    const slot = await aSlot(app);
    const good = await ship(slot);
    const bad = await ship(slot);
    const rollback = await rollBack(slot, {}, app.tokens.deployer);
    expect(rollback.status).toBe(201);
    expect(rollback.body).toMatchObject({
      kind: 'rollback',
      state: 'in_progress',
      release: { digest: good.digest },
      previousRelease: { digest: bad.digest },
      remediates: bad.deployment,
      rollbackReason: 'a test',
    });
    await report(rollback.body.id, 'deployed', { fence: rollback.body.fence });
    expect(await slotOf(slot.path)).toMatchObject({
      runningRelease: { digest: good.digest },
      lastKnownGood: { digest: good.digest },
    });
  });

  it('takes the slot from a deployment that is being verified or held', async () => {
    const { slot, running } = await aRunningSlot();
    await app.request('PUT', `${slot.path}/gate`, { body: { ungated: 'first' } });
    const held = await aHeld(slot);
    const rollback = await rollBack(slot);
    expect(rollback.body).toMatchObject({ release: { digest: running.digest }, remediates: held });
    expect((await get(held)).body).toMatchObject({ state: 'rejected', verdict: 'rollback', reason: 'preempted' });
  });

  it('takes it from one in progress only by force, and then nobody knows what runs', async () => {
    const { slot, running, next } = await aRunningSlot();
    const stuck = await aDeployment(app, { ...slot, digest: next.digest });
    const refused = await rollBack(slot);
    expect([refused.status, codeOf(refused), refused.body.holder.id]).toEqual([409, 'slot-busy', stuck.id]);
    expect((await rollBack(slot, { force: true }, app.tokens.deployer)).status).toBe(403);
    const forced = await rollBack(slot, { force: true });
    expect(forced.body).toMatchObject({
      release: { digest: running.digest },
      previousRelease: null,
      remediates: stuck.id,
    });
    expect((await get(stuck.id)).body).toMatchObject({ state: 'failed', verdict: 'none', reason: 'preempted' });
    expect((await slotOf(slot.path)).runningReleaseState).toBe('unknown');
    await report(forced.body.id, 'deployed', { fence: forced.body.fence });
    expect((await slotOf(slot.path)).runningRelease.digest).toBe(running.digest);
  });

  it.each([
    ['that failed and may have changed hosts', 'failed', true],
    ['before the one that failed and changed none', 'failed', false],
    ['before the one that was cancelled', 'cancel', false],
  ] as const)('is of the deployment %s', async (_which, event, hostsChanged) => {
    const slot = await aSlot(app);
    await ship(slot);
    const { deployment: before } = await ship(slot);
    const { digest } = await aRelease(app, { service: slot.service });
    const last = await aDeployment(app, { ...slot, digest });
    await report(last.id, event, { fence: last.fence, reason: 'x', hostsChanged });
    expect((await rollBack(slot)).body.remediates).toBe(hostsChanged ? last.id : before);
  });

  it('is of the deployment that was preempted, if the rollback that did so came to nothing', async () => {
    const { slot, next } = await aRunningSlot();
    const stuck = await aDeployment(app, { ...slot, digest: next.digest });
    const { body: first } = await rollBack(slot, { force: true });
    await report(first.id, 'cancel', { fence: first.fence, reason: 'x', hostsChanged: false });
    expect((await rollBack(slot)).body.remediates).toBe(stuck.id);
  });

  it('that cannot be done leaves the deployment alone that it would have preempted', async () => {
    const slot = await aSlot(app);
    const only = await aDeployment(app, slot);
    const refused = await rollBack(slot, { force: true });
    expect([refused.status, codeOf(refused)]).toEqual([409, 'no-known-good']);
    expect((await get(only.id)).body.state).toBe('in_progress');
  });

  it('goes past the release that it preempts, also where that one ran before', async () => {
    const slot = await aSlot(app);
    const [good, running] = [await ship(slot), await ship(slot)];
    await aDeployment(app, { ...slot, digest: running.digest, body: { kind: 'redeploy' } });
    expect((await rollBack(slot, { force: true })).body.release.digest).toBe(good.digest);
  });

  it('goes where the verdict said, also where nobody knows what a rejected deployment left behind', async () => {
    const slot = await aSlot(app);
    const [good, running] = [await ship(slot), await ship(slot)];
    const held = await aHeld(slot, running.digest);
    await report(held, 'decision', { decision: 'reject', reason: 'slow' });
    const forget = `update slot_states set running_release_id = null, running_release_state = 'unknown'
      where slot_id = (select slot_id from deployments where id = $1)`;
    await app.database.query('forget-running', forget, [held]);
    expect((await app.request('GET', `/v1/deployments/${held}/verdict`)).body.rollbackTo.digest).toBe(good.digest);
    expect((await rollBack(slot)).body.release.digest).toBe(good.digest);
  });

  it('goes to what was promoted last, whatever the clocks of the instances said', async () => {
    const slot = await aSlot(app);
    const [fast, last] = [await ship(slot), await ship(slot)];
    const later = `update deployments set finished_at = finished_at + interval '1 hour' where id = $1`;
    await app.database.query('finished-later', later, [fast.deployment]);
    expect((await slotOf(slot.path)).lastKnownGood.digest).toBe(last.digest);
    await ship(slot);
    expect((await rollBack(slot)).body.release.digest).toBe(last.digest);
  });

  it('that finds the slot busy is told of "force", not of what only a create can ask for', async () => {
    const { slot, next } = await aRunningSlot();
    await aDeployment(app, { ...slot, digest: next.digest });
    const { detail } = (await rollBack(slot)).body;
    expect(detail).toContain('"force": true');
    expect(detail).not.toContain('onConflict');
  });

  it('goes to no release that was marked bad, until the mark is taken away', async () => {
    const slot = await aSlot(app);
    const oldest = await ship(slot);
    const marked = await ship(slot);
    await ship(slot);
    const mark = (bad: boolean) => report(marked.deployment, 'mark', { bad, reason: 'leaks' });
    expect((await mark(true)).body).toMatchObject({ bad: true, badReason: 'leaks', state: 'promoted' });
    const around = await rollBack(slot);
    expect(around.body.release.digest).toBe(oldest.digest);
    await report(around.body.id, 'cancel', { fence: around.body.fence, reason: 'x', hostsChanged: false });
    await mark(false);
    expect((await rollBack(slot)).body.release.digest).toBe(marked.digest);
  });

  it('goes where it is told, if that was promoted here before or an operator forces it', async () => {
    const slot = await aSlot(app);
    const [first] = [await ship(slot), await ship(slot), await ship(slot)];
    const strange = await aRelease(app, { service: slot.service });
    const refused = await rollBack(slot, { to: strange.digest });
    expect([refused.status, codeOf(refused)]).toEqual([409, 'never-promoted']);
    expect(codeOf(await rollBack(slot, { to: digestOf('nothing') }))).toBe('never-promoted');
    const told = await rollBack(slot, { to: first.digest });
    expect(told.body.release.digest).toBe(first.digest);
    await report(told.body.id, 'cancel', { fence: told.body.fence, reason: 'x', hostsChanged: false });
    expect((await rollBack(slot, { to: strange.digest, force: true })).body.release.digest).toBe(strange.digest);
  });

  it('needs a reason and an idempotency key', async () => {
    const { slot } = await aRunningSlot();
    expect((await rollBack(slot, { reason: '' })).status).toBe(422);
    const keyless = await app.request('POST', `${slot.path}/rollback`, { body: { reason: 'x' } });
    expect(codeOf(keyless)).toBe('idempotency-key-required');
  });

  it('brings the sequence key of its release back with it', async () => {
    const slot = await aSlot(app);
    await ship(slot, { sequenceKey: '2026-01-01T00:00:00Z' });
    const newer = await ship(slot, { sequenceKey: '2026-01-03T00:00:00Z' });
    const rollback = await rollBack(slot);
    await report(rollback.body.id, 'deployed', { fence: rollback.body.fence });
    expect((await create(slot, newer.digest, { sequenceKey: '2026-01-02T00:00:00Z' })).status).toBe(201);
  });
});

describe('the verdict of a rejected deployment', () => {
  it('names the last known good of that moment, and never another', async () => {
    const { slot, running } = await aRunningSlot();
    const held = await aHeld(slot);
    await report(held, 'decision', { decision: 'reject', reason: 'slow' });
    const verdict = (await app.request('GET', `/v1/deployments/${held}/verdict`)).body;
    expect(verdict).toMatchObject({
      verdict: 'rollback',
      state: 'rejected',
      rollbackTo: { digest: running.digest, version: running.version },
      reasons: [{ code: 'decided' }, { code: 'no-evidence' }],
      progress: { done: 0, planned: 0 },
    });
    const rollback = await rollBack(slot);
    await report(rollback.body.id, 'deployed', { fence: rollback.body.fence });
    await report(rollback.body.id, 'mark', { bad: true, reason: 'no good either' });
    expect((await app.request('GET', `/v1/deployments/${held}/verdict`)).body).toEqual(verdict);
  });

  it('is a rollback to nowhere where nothing was ever good', async () => {
    const slot = await aSlot(app, { gate: null });
    const { id } = await aDeployment(app, { ...slot, state: 'verifying' });
    await report(id, 'decision', { decision: 'reject', reason: 'slow' });
    const { body } = await app.request('GET', `/v1/deployments/${id}/verdict`);
    expect(body).toMatchObject({ verdict: 'rollback', rollbackTo: null });
    expect(body.reasons.map(({ code }: { code: string }) => code)).toEqual(['decided', 'no-evidence', 'no-known-good']);
  });
});

/** A deployment, of a new release or of this one again, that waits for a decision, in a slot whose gate promoted at once until now. */
async function aHeld(slot: Awaited<ReturnType<typeof aSlot>>, again?: string): Promise<string> {
  const identity = { url: '{host.url}/info', field: '/imageDigest' };
  const check = {
    name: 'ready',
    type: 'http',
    url: '{host.url}/readyz',
    expect: [{ field: 'status', op: 'eq', value: 200 }],
  };
  await app.request('PUT', `${slot.path}/gate`, { body: { identity, checks: [check] } });
  const digest = again ?? (await aRelease(app, { service: slot.service, version: randomUUID() })).digest;
  const { id, state } = await aDeployment(app, { ...slot, digest, state: 'verifying' });
  expect(state).toBe('on_hold');
  await app.request('PUT', `${slot.path}/gate`, { body: { ungated: 'again' } });
  return id;
}
