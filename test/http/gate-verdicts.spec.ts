import { register } from 'prom-client';
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

/** Deploys into a slot of its own with this gate, and looks what is counted of its environment. */
async function expectCounted(expected: object, gate: object | null, body: object = {}): Promise<void> {
  const slot = await aSlot(app, { gate, hosts: gate === failing ? [host] : [] });
  const { id } = await aDeployment(app, { ...slot, state: 'verifying', body });
  await app.request('GET', `/v1/deployments/${id}/verdict?wait=20`);
  await eventually(async () => expect(await countedIn(slot.environment)).toEqual(expected));
}

describe('verdicts are counted once, as the deployment got them', () => {
  it('from a gate that ran', () => expectCounted({ rollback: 1 }, failing));

  it('where a rollback became a hold', () => expectCounted({ hold: 1 }, failing, { autoRollback: false }));

  it('where they fell at deployed', async () => {
    await expectCounted({ promote: 1 }, { ungated: 'a test' });
    await expectCounted({ hold: 1 }, null);
  });
});
