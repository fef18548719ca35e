import { randomUUID } from 'node:crypto';
import { type TestApplication, startApplication } from '../support/application.js';
import { codeOf, deploymentRequests } from '../support/deployment-requests.js';
import { aDeployment, aRelease, aSlot } from '../support/fixtures.js';

let app: TestApplication;

beforeAll(async () => {
  app = await startApplication();
});
afterAll(() => app.close());

const { create, insist, report, rollBack, aRunningSlot } = deploymentRequests(() => app);

describe('a new deployment', () => {
  it('takes its free slot, with a fence of its own', async () => {
    const slot = await aSlot(app);
    const { digest } = await aRelease(app, { service: slot.service });
    const answer = await create(slot, digest, { externalId: 'run-77' });
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({
      state: 'in_progress',
      kind: 'deploy',
      verdict: 'pending',
      fence: 1,
      sequence: 1,
      release: { digest },
      previousRelease: null,
      reason: null,
      actor: 'deployer',
      externalId: 'run-77',
      freezeDecision: { frozen: false, known: true, override: null },
    });
    expect((await app.request('GET', `/v1/deployments/${answer.body.id}`)).body).toEqual(answer.body);
  });

  it('is the only one of fifty at once; the others are told who holds the slot', async () => {
    const slot = await aSlot(app);
    const { digest } = await aRelease(app, { service: slot.service });
    const answers = await Promise.all(Array.from({ length: 50 }, () => insist(slot, digest)));
    const [winner, ...others] = answers.filter(({ status }) => status === 201);
    expect(others).toEqual([]);
    const losers = answers.filter(({ status }) => status !== 201);
    expect(losers).toHaveLength(49);
    const told = losers.map(({ status, body }) => `${status} ${body.holder.id} ${body.holder.state}`);
    expect(new Set(told)).toEqual(new Set([`409 ${winner?.body.id} in_progress`]));
    expect(new Set(losers.map(codeOf))).toEqual(new Set(['slot-busy']));
    expect(Date.parse(losers[0]?.body.holder.deadline)).toBeGreaterThan(Date.parse(winner?.body.startedAt));
  });

  it('names at once everything it speaks of that is not there', async () => {
    const slot = await aSlot(app);
    const nobody = randomUUID();
    const answer = await create(slot, `sha256:${'0'.repeat(64)}`, { environment: 'nowhere', retryOf: nobody });
    expect(answer.status).toBe(422);
    expect(answer.body.errors.map((error: { pointer: string }) => error.pointer).toSorted()).toEqual([
      '/digest',
      '/environment',
      '/retryOf',
    ]);
  });

  it('is no rollback: that has an endpoint of its own', async () => {
    const slot = await aSlot(app);
    const { digest } = await aRelease(app, { service: slot.service });
    const answer = await create(slot, digest, { kind: 'rollback' });
    expect(answer.status).toBe(422);
    expect(answer.body.errors).toEqual([expect.objectContaining({ pointer: '/kind' })]);
  });

  it('is not made over another base than the one that was expected', async () => {
    const { slot, running, next } = await aRunningSlot();
    expect(codeOf(await create(slot, next.digest, { expectedPrevious: next.digest }))).toBe('stale-base');
    const fresh = await create(slot, next.digest, { expectedPrevious: running.digest });
    expect(fresh.body).toMatchObject({ state: 'in_progress', previousRelease: { digest: running.digest } });
  });

  it('is not made of something older than what runs', async () => {
    const { slot, next } = await aRunningSlot();
    const newer = await aDeployment(app, {
      ...slot,
      digest: next.digest,
      state: 'verifying',
      body: { sequenceKey: '2026-02-02T00:00:00Z' },
    });
    expect(newer.state).toBe('promoted');
    const older = await create(slot, next.digest, { sequenceKey: '2026-02-01T00:00:00Z' });
    expect([older.status, codeOf(older)]).toEqual([409, 'outdated']);
    expect((await create(slot, next.digest, { sequenceKey: '2026-02-02T01:00:00+01:00' })).status).toBe(201);
  });

  it('of a known external id is the one that is there, unless it would be another', async () => {
    const { slot, running, next } = await aRunningSlot();
    const first = await create(slot, next.digest, { externalId: 'run-1' });
    const again = await create(slot, next.digest, { externalId: 'run-1' });
    expect([first.status, again.status, again.body.id]).toEqual([201, 200, first.body.id]);
    const other = await create(slot, running.digest, { externalId: 'run-1' });
    expect([other.status, codeOf(other)]).toEqual([409, 'external-id-differs']);
  });

  it('is made by an operator where it overrides a freeze', async () => {
    const slot = await aSlot(app);
    const { digest } = await aRelease(app, { service: slot.service });
    expect((await create(slot, digest, { override: { freeze: 'outage' } })).status).toBe(403);
  });
});

describe('the fence', () => {
  it('is judged before everything else', async () => {
    const { id, fence } = await aDeployment(app);
    for (const [event, body] of Object.entries({
      heartbeat: {},
      deployed: {},
      failed: { reason: 'x' },
      cancel: { reason: 'x' },
    })) {
      const answer = await report(id, event, { ...body, fence: fence + 1 });
      expect([event, answer.status, codeOf(answer)]).toEqual([event, 409, 'stale-fence']);
    }
  });

  it('of a deployment that a rollback preempted is dead', async () => {
    const { slot, next } = await aRunningSlot();
    const cut = await aDeployment(app, { ...slot, digest: next.digest });
    await rollBack(slot, { force: true });
    const late = await report(cut.id, 'deployed', { fence: cut.fence });
    expect([late.status, codeOf(late)]).toEqual([409, 'stale-fence']);
  });
});

describe('an event', () => {
  it('that was applied before is answered with the present state, whatever has happened since', async () => {
    const { slot, running, next } = await aRunningSlot();
    const first = await aDeployment(app, { ...slot, digest: next.digest, state: 'verifying' });
    await aDeployment(app, { ...slot, digest: running.digest });
    const again = await report(first.id, 'deployed', { fence: first.fence });
    expect([again.status, again.body.state]).toEqual([200, 'promoted']);
  });

  it('that is impossible is refused with the present state', async () => {
    const { id, fence } = await aDeployment(app, { state: 'verifying' });
    const answer = await report(id, 'failed', { fence, reason: 'too late' });
    expect([answer.status, codeOf(answer), answer.body.state]).toEqual([409, 'invalid-transition', 'promoted']);
  });

  it('of a deployment that is not there is 404, whatever its id looks like', async () => {
    for (const id of [randomUUID(), 'nonsense', '%00']) {
      expect((await report(id, 'heartbeat', { fence: 1 })).status).toBe(404);
    }
  });

  it('happens once when it is reported by many at the same time', async () => {
    const { id, fence } = await aDeployment(app);
    const answers = await Promise.all(Array.from({ length: 10 }, () => report(id, 'deployed', { fence })));
    expect(new Set(answers.map(({ status, body }) => `${status} ${body.state}`))).toEqual(new Set(['200 promoted']));
    const rows = await app.database.read((handle) =>
      handle.query(`select type from events where deployment_id = $1 order by position`, [id]),
    );
    expect(rows.map(({ type }: { type: string }) => type)).toEqual([
      'deployment.create',
      'deployment.deployed',
      'deployment.verdict-promote',
    ]);
  });
});

describe('a deployment that does not get through', () => {
  it('leaves the running release unknown when it failed after touching hosts', async () => {
    const { slot, next } = await aRunningSlot();
    const { id, fence } = await aDeployment(app, { ...slot, digest: next.digest });
    const failed = await report(id, 'failed', { fence, reason: 'disk full' });
    expect(failed.body).toMatchObject({
      state: 'failed',
      verdict: 'none',
      reason: 'failed',
      reasons: [{ code: 'failed', detail: 'disk full' }],
      hostsChanged: true,
    });
    const { body } = await app.request('GET', slot.path);
    expect(body).toMatchObject({ runningRelease: null, runningReleaseState: 'unknown', activeDeployment: null });
  });

  it('leaves the slot as it was when no host was touched', async () => {
    const { slot, running, next } = await aRunningSlot();
    const { id, fence } = await aDeployment(app, { ...slot, digest: next.digest });
    await report(id, 'failed', { fence, reason: 'no image', hostsChanged: false });
    const { body } = await app.request('GET', slot.path);
    expect(body).toMatchObject({ runningRelease: { digest: running.digest }, runningReleaseState: 'known' });
  });

  it('is cancelled only where no host was touched', async () => {
    const { id, fence } = await aDeployment(app);
    const refused = await report(id, 'cancel', { fence, reason: 'no' });
    expect([refused.status, codeOf(refused)]).toEqual([409, 'invalid-transition']);
    const cancelled = await report(id, 'cancel', { fence, reason: 'no', hostsChanged: false });
    expect(cancelled.body).toMatchObject({ state: 'cancelled', verdict: 'none', reason: 'cancelled' });
    expect((await report(id, 'heartbeat', { fence })).status).toBe(409);
  });
});

/** No gate was put, so that nothing is known and a person has to decide. */
async function aHeldDeployment() {
  const slot = await aSlot(app, { gate: null });
  return { slot, held: await aDeployment(app, { ...slot, state: 'verifying' }) };
}

describe('a hold', () => {
  it('comes of a slot without a gate: absence of evidence never promotes', async () => {
    const { held } = await aHeldDeployment();
    expect(held).toMatchObject({ state: 'on_hold', verdict: 'hold', reason: 'no-evidence' });
  });

  it.each([
    ['promote', 'promoted', 'promote'],
    ['reject', 'rejected', 'rollback'],
  ])('ends with the decision to %s, once', async (decision, state, verdict) => {
    const { held } = await aHeldDeployment();
    const decided = await report(held.id, 'decision', { decision, reason: 'looked at it' });
    expect(decided.body).toMatchObject({ state, verdict, reason: 'decided' });
    expect((await report(held.id, 'decision', { decision, reason: 'again' })).body).toEqual(decided.body);
    const opposite = decision === 'promote' ? 'reject' : 'promote';
    expect(codeOf(await report(held.id, 'decision', { decision: opposite, reason: 'no' }))).toBe('invalid-transition');
  });

  it('is for a person: it cannot be cancelled, and a deployer may not decide', async () => {
    const { held } = await aHeldDeployment();
    expect(codeOf(await report(held.id, 'cancel', { fence: held.fence, reason: 'x' }))).toBe('invalid-transition');
    const body = { decision: 'promote', reason: 'x' };
    const answer = await app.request('POST', `/v1/deployments/${held.id}/decision`, {
      body,
      token: app.tokens.deployer,
    });
    expect(answer.status).toBe(403);
  });
});

describe('the list of deployments', () => {
  it('is filtered by service, environment and state, newest first, page by page', async () => {
    const { slot, running, next } = await aRunningSlot();
    const newest = await aDeployment(app, { ...slot, digest: next.digest });
    const of = (query: string) => app.request('GET', `/v1/deployments?service=${slot.service}&${query}`);
    const all = await of(`environment=${slot.environment}`);
    expect(all.body.items.map(({ release }: { release: { digest: string } }) => release.digest)).toEqual([
      next.digest,
      running.digest,
    ]);
    expect((await of('state=in_progress')).body.items.map(({ id }: { id: string }) => id)).toEqual([newest.id]);
    const first = await of('limit=1');
    const following = /<([^>]+)>/.exec(first.headers.get('link') ?? '')?.[1] ?? '';
    expect((await app.request('GET', following)).body.items[0].release.digest).toBe(running.digest);
    expect((await of('state=running')).status).toBe(422);
  });
});
