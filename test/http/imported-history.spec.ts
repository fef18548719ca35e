import { startApplication, type TestApplication } from '../support/application.js';
import { aDeployment, aRelease, aSlot, digestOf } from '../support/fixtures.js';
import {
  daysAgo,
  deploymentLine,
  importInto,
  type ImportedSlot,
  incidentLine,
  releaseLine,
} from '../support/import-lines.js';

let app: TestApplication;

beforeAll(async () => {
  app = await startApplication();
});
afterAll(() => app.close());

const get = async (path: string) => (await app.request('GET', path)).body;
const slotOf = ({ service, environment }: ImportedSlot) => get(`/v1/services/${service}/environments/${environment}`);
const deploymentsOf = async ({ service, environment }: ImportedSlot) =>
  (await get(`/v1/deployments?service=${service}&environment=${environment}&limit=200`)).items;
const incidentsOf = async ({ service }: ImportedSlot) =>
  (await get(`/v1/incidents?service=${service}&limit=200`)).items;

describe('imported deployments', () => {
  it('say what a slot runs that has none of its own, and what it can go back to', async () => {
    const slot = await aSlot(app);
    const versions = ['one', 'two', 'three'];
    await importInto(
      app,
      versions.map((version) => releaseLine(slot.service, version)),
    );
    await importInto(app, [
      deploymentLine(slot, '2', 'two', 20),
      deploymentLine(slot, '3', 'three', 10, { state: 'rejected' }),
      deploymentLine(slot, '4', 'two', 9, { kind: 'rollback', remediatesExternalId: '3' }),
      deploymentLine(slot, '1', 'one', 30),
      deploymentLine(slot, '5', 'three', 8, { state: 'cancelled', deployedAt: null }),
    ]);
    expect(await slotOf(slot)).toMatchObject({
      fence: 0,
      runningRelease: { version: 'two' },
      runningReleaseState: 'known',
      lastKnownGood: { version: 'two' },
      activeDeployment: null,
    });
    const back = await app.request('POST', `/v1/services/${slot.service}/environments/${slot.environment}/rollback`, {
      headers: { 'idempotency-key': crypto.randomUUID() },
      body: { reason: 'a test' },
    });
    const [, , newest] = await deploymentsOf(slot);
    expect([back.status, back.body]).toMatchObject([
      201,
      { release: { version: 'one' }, fence: 1, remediates: newest.id },
    ]);
  });

  it('leave unknown what a slot runs after one that failed on its hosts', async () => {
    const slot = await aSlot(app);
    const failed = deploymentLine(slot, '2', 'one', 1, { state: 'failed', deployedAt: null });
    await importInto(app, [releaseLine(slot.service, 'one'), deploymentLine(slot, '1', 'one', 2), failed]);
    expect(await slotOf(slot)).toMatchObject({ runningRelease: null, runningReleaseState: 'unknown' });
    await importInto(app, [
      { ...failed, externalId: '3', createdAt: daysAgo(0.5), finishedAt: daysAgo(0.5), hostsChanged: false },
    ]);
    expect(await slotOf(slot)).toMatchObject({ runningReleaseState: 'unknown', lastKnownGood: { version: 'one' } });
  });

  it('change nothing of a slot that has a deployment of its own', async () => {
    const slot = await aSlot(app);
    const own = await aRelease(app, { service: slot.service });
    const { id, fence } = await aDeployment(app, { ...slot, digest: own.digest });
    const { body } = await importInto(app, [releaseLine(slot.service, 'old'), deploymentLine(slot, 'old', 'old', 1)]);
    expect(body).toEqual({ created: 2, existing: 0, refused: [] });
    const untouched = { fence: 1, runningRelease: null, lastKnownGood: null, activeDeployment: { id } };
    expect(await slotOf(slot)).toMatchObject(untouched);
    await app.request('POST', `/v1/deployments/${id}/deployed`, { body: { fence } });
    const promoted = { runningRelease: { digest: own.digest }, lastKnownGood: { digest: own.digest } };
    expect(await slotOf(slot)).toMatchObject(promoted);
  });

  it('are what the first deployment of its own goes back to', async () => {
    const slot = await aSlot(app, { gate: null });
    await importInto(app, [releaseLine(slot.service, 'history'), deploymentLine(slot, 'history', 'history', 1)]);
    const own = await aRelease(app, { service: slot.service });
    const deployment = await aDeployment(app, { ...slot, digest: own.digest, state: 'verifying' });
    expect(deployment).toMatchObject({ state: 'on_hold', previousRelease: { version: 'history' } });
    await app.request('POST', `/v1/deployments/${deployment.id}/decision`, {
      body: { decision: 'reject', reason: 'a test' },
    });
    expect((await get(`/v1/deployments/${deployment.id}/verdict`)).rollbackTo).toMatchObject({ version: 'history' });
    expect((await slotOf(slot)).lastKnownGood).toMatchObject({ version: 'history' });
  });

  it('are no longer good once an incident of theirs is imported, or they were bad', async () => {
    const slot = await aSlot(app);
    const versions = ['good', 'bad', 'hurt'];
    const hurt = deploymentLine(slot, '3', 'hurt', 1);
    await importInto(app, [
      ...versions.map((version) => releaseLine(slot.service, version)),
      deploymentLine(slot, '1', 'good', 3),
      deploymentLine(slot, '2', 'bad', 2, { badReason: 'It lost orders.' }),
      hurt,
      incidentLine(slot, 'fp', hurt.deployedAt),
    ]);
    expect(await slotOf(slot)).toMatchObject({
      runningRelease: { version: 'hurt' },
      lastKnownGood: { version: 'good' },
    });
  });
});

describe('imported incidents', () => {
  it('are attributed by their labels, by their time, or not at all', async () => {
    const slot = await aSlot(app);
    const first = deploymentLine(slot, '1', 'one', 4);
    const second = deploymentLine(slot, '2', 'two', 3);
    const { created } = (
      await importInto(app, [
        incidentLine(slot, 'by-time', second.deployedAt),
        incidentLine(slot, 'by-digest', second.deployedAt, { labels: { digest: digestOf('one') } }),
        incidentLine(slot, 'by-name', second.deployedAt, { deploymentExternalId: '1' }),
        incidentLine(slot, 'none', second.deployedAt, { attribution: 'none' }),
        incidentLine(slot, 'too-late', daysAgo(1), { endsAt: null }),
        ...['one', 'two'].map((version) => releaseLine(slot.service, version)),
        first,
        second,
      ])
    ).body;
    expect(created).toBe(9);
    const [two, one] = await deploymentsOf(slot);
    const found = (await incidentsOf(slot)).map((each: Record<string, unknown>) => [
      each['fingerprint'],
      each['deploymentId'],
      each['attribution'],
      each['status'],
    ]);
    expect(found.toSorted()).toEqual([
      ['by-digest', one.id, 'label', 'resolved'],
      ['by-name', one.id, 'label', 'resolved'],
      ['by-time', two.id, 'window', 'resolved'],
      ['none', null, 'none', 'resolved'],
      ['too-late', null, 'none', 'firing'],
    ]);
  });

  it('stay as they are when they come again', async () => {
    const slot = await aSlot(app);
    const line = incidentLine(slot, 'again', daysAgo(2));
    await importInto(app, [line, line]);
    const { body } = await importInto(app, [{ ...line, title: 'Another title' }]);
    expect(body).toEqual({ created: 0, existing: 1, refused: [] });
    expect(await incidentsOf(slot)).toMatchObject([{ title: 'Slow' }]);
  });
});
