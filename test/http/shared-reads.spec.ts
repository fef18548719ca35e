import { DeploymentsReader } from '../../src/delivery/deployments/deployments.reader.js';
import { SlotsReader } from '../../src/delivery/deployments/slots/slots.reader.js';
import { startApplication, type TestApplication } from '../support/application.js';
import { aDeployment, aSlot } from '../support/fixtures.js';
import { askOperations, operationsSettings } from '../support/operations.js';

const READERS = 50;

let app: TestApplication;
beforeAll(async () => {
  app = await startApplication({ settings: operationsSettings });
});
afterAll(() => app.close());

/** Statements so far, of those whose first table is that of deployments: the look at a verdict, and that at a slot. */
async function looks(): Promise<number> {
  const { text } = await askOperations(app, 'GET', '/metrics');
  const [, count] =
    /^db_query_duration_seconds_count{operation="select",entity="deployments"} (\d+)$/m.exec(text) ?? [];
  return Number(count ?? 0);
}

async function costOf(read: () => Promise<unknown>): Promise<number> {
  const before = await looks();
  const answers = await Promise.all(Array.from({ length: READERS }, read));
  for (const answer of answers) expect(answer).toEqual(answers[0]);
  expect(answers[0]).not.toBeNull();
  return (await looks()) - before;
}

describe('many who ask for the same at once', () => {
  it('cost a look at the verdict or two, not one each', async () => {
    const { id } = await aDeployment(app);
    const reader = app.nest.get(DeploymentsReader);
    expect(await costOf(() => reader.verdict(id))).toBeLessThan(READERS / 2);
  });

  it('cost a look at the slot or two, not one each', async () => {
    const { service, environment } = await aSlot(app);
    const reader = app.nest.get(SlotsReader);
    expect(await costOf(() => reader.slot(service, environment))).toBeLessThan(READERS / 2);
  });

  it('are told what had happened when they asked, though others had begun to look before', async () => {
    const { id, fence } = await aDeployment(app);
    const reader = app.nest.get(DeploymentsReader);
    const asks = [reader.verdict(id)];
    const { status } = await app.request('POST', `/v1/deployments/${id}/deployed`, { body: { fence } });
    expect(status).toBe(200);
    asks.push(reader.verdict(id), reader.verdict(id));
    const [, ...later] = await Promise.all(asks);
    expect(later).toMatchObject([{ state: 'promoted' }, { state: 'promoted' }]);
  });
});
