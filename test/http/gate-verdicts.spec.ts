import { register } from 'prom-client';
import { type GateOutcome, GateRuns } from '../../src/delivery/gates/gates.events.js';
import { aHost, type FakeHost } from '../support/a-host.js';
import { startApplication, type TestApplication } from '../support/application.js';
import { eventually } from '../support/eventually.js';
import { aDeployment, aSlot } from '../support/fixtures.js';

let app: TestApplication;
let host: FakeHost;

beforeAll(async () => {
  host = await aHost({ '/broken': { status: 503 } });
  app = await startApplication();
});
afterAll(async () => {
  await app.close();
  await host.close();
});

const failing = {
  warmUpSeconds: 0,
  bakeSeconds: 60,
  checks: [
    {
      name: 'broken',
      type: 'http',
      url: '{host.url}/broken',
      expect: [{ field: 'status', op: 'eq', value: 200 }],
      failAt: { total: 1 },
    },
  ],
};

async function countedIn(environment: string): Promise<object> {
  const { values = [] } = (await register.getSingleMetric('gate_verdicts_total')?.get()) ?? {};
  const own = values.filter(({ labels }) => labels['environment'] === environment);
  return Object.fromEntries(own.map(({ labels, value }) => [labels['verdict'], value]));
}

/** What is counted of the environment of a slot with this gate, of which one deployment got a verdict. */
async function counted(gate: object | null, body: object = {}): Promise<object> {
  const slot = await aSlot(app, { gate, hosts: gate === failing ? [host] : [] });
  const { id } = await aDeployment(app, { ...slot, state: 'verifying', body });
  await app.request('GET', `/v1/deployments/${id}/verdict?wait=20`);
  return eventually(async () => {
    const counts = await countedIn(slot.environment);
    expect(counts).not.toEqual({});
    return counts;
  });
}

describe('verdicts are counted once, as the deployment got them', () => {
  it('from a gate that ran', async () => {
    expect(await counted(failing)).toEqual({ rollback: 1 });
  });

  it('where a rollback became a hold', async () => {
    expect(await counted(failing, { autoRollback: false })).toEqual({ hold: 1 });
  });

  it('where they fell at deployed', async () => {
    expect(await counted({ ungated: 'a test' })).toEqual({ promote: 1 });
    expect(await counted(null)).toEqual({ hold: 1 });
  });
});

describe('a verdict that comes too late', () => {
  it('changes nothing: whoever was quicker has decided', async () => {
    const slot = await aSlot(app, { gate: failing, hosts: [host] });
    const { id, fence } = await aDeployment(app, slot);
    await app.request('POST', `/v1/deployments/${id}/failed`, { body: { fence, reason: 'x' } });
    const outcome: GateOutcome = { deploymentId: id, verdict: 'promote', reasons: [], concludedAt: new Date() };
    await app.database.transaction((tx) => app.nest.get(GateRuns).conclude(tx, outcome));
    expect((await app.request('GET', `/v1/deployments/${id}/verdict`)).body).toMatchObject({ verdict: 'none' });
  });
});
