import { DeploymentDeadlines } from '../../src/delivery/deployments/lifecycle/deployment-deadlines.js';
import { type TestApplication, startApplication } from '../support/application.js';
import { DatabaseProxy } from '../support/database-proxy.js';
import { codeOf, deploymentRequests } from '../support/deployment-requests.js';
import { eventually } from '../support/eventually.js';
import { FakeClock } from '../support/fake-clock.js';
import { aDeployment, aRelease, aSlot } from '../support/fixtures.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const MINUTE_MS = 60_000;
const clock = new FakeClock();

let database: TestDatabase;
let app: TestApplication;

beforeAll(async () => {
  database = await createTestDatabase();
  app = await startApplication({ databaseUrl: database.url, clock });
});
afterAll(async () => {
  await app.close();
  await database.drop();
});

const { create, report, get } = deploymentRequests(() => app);

const sweep = () => app.nest.get(DeploymentDeadlines).sweep();
const stateOf = async (id: string) => (await get(id)).body.state;
const aHeld = async () => aDeployment(app, { ...(await aSlot(app, { gate: null })), state: 'verifying' });

async function passes(minutes: number): Promise<void> {
  clock.advance(minutes * MINUTE_MS);
  await sweep();
}

/** Time in which no instance of Plimsoll is there: the application ends, and another one begins. */
async function isAwayFor(minutes: number): Promise<void> {
  await app.close();
  clock.advance(minutes * MINUTE_MS);
  // The clock of the database cannot be set, so that what it noted last is.
  await database.query(`update presence set seen_at = seen_at - interval '${minutes} min'`);
  app = await startApplication({ databaseUrl: database.url, clock });
  await sweep();
}

const outages = () => database.query<object>('select from outages');

describe('after an outage', () => {
  it('every deployment in progress has a whole lease again', async () => {
    const { id, fence } = await aDeployment(app);
    await passes(14);
    await isAwayFor(60);
    expect(await stateOf(id)).toBe('in_progress');
    await passes(14);
    expect(await stateOf(id)).toBe('in_progress');
    expect((await report(id, 'deployed', { fence })).body.state).toBe('promoted');
  });

  it('nobody waits for a silent deployer for longer than that', async () => {
    const { id } = await aDeployment(app);
    await isAwayFor(60);
    await passes(15);
    expect((await get(id)).body).toMatchObject({ state: 'failed', reason: 'lease-expired' });
  });

  it('a hold has what it had left', async () => {
    const { id } = await aHeld();
    await passes(20);
    await isAwayFor(60);
    await passes(9);
    await isAwayFor(5);
    expect(await stateOf(id)).toBe('on_hold');
    await passes(2);
    expect((await get(id)).body).toMatchObject({ state: 'rejected', reason: 'hold-timeout' });
  });

  it('the slot, and whoever finds it busy, are told the deadline that holds', async () => {
    const slot = await aSlot(app);
    const { digest } = await aRelease(app, { service: slot.service });
    const { id } = await aDeployment(app, { ...slot, digest });
    await isAwayFor(60);
    const deadline = new Date(clock.now().getTime() + 15 * MINUTE_MS).toISOString();
    expect((await app.request('GET', slot.path)).body.activeDeployment).toMatchObject({ id, deadline });
    const refused = await create(slot, digest);
    expect([codeOf(refused), refused.body.holder.deadline]).toEqual(['slot-busy', deadline]);
  });

  it('which was the database alone, leases are whole as well', async () => {
    const proxy = await DatabaseProxy.before(database.url);
    const cutOff = await startApplication({ databaseUrl: proxy.url, clock, withoutTokens: true });
    const { id } = await aDeployment(app);
    await app.close();
    await proxy.cut();
    clock.advance(60 * MINUTE_MS);
    await database.query(`update presence set seen_at = seen_at - interval '60 min'`);
    await expect(cutOff.nest.get(DeploymentDeadlines).sweep()).rejects.toThrow('The database does not answer');
    await proxy.restore();
    await eventually(() => cutOff.nest.get(DeploymentDeadlines).sweep());
    app = await startApplication({ databaseUrl: database.url, clock });
    expect(await stateOf(id)).toBe('in_progress');
    await cutOff.close();
    await proxy.cut();
  });

  it('instances that come back together make one outage of it', async () => {
    const before = (await outages()).length;
    await isAwayFor(60);
    const others = [1, 2].map(() => startApplication({ databaseUrl: database.url, clock, withoutTokens: true }));
    for (const other of await Promise.all(others)) {
      await Promise.all([sweep(), other.nest.get(DeploymentDeadlines).sweep()]);
      await other.close();
    }
    expect((await outages()).length).toBe(before + 1);
  });
});
