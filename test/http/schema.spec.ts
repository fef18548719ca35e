import { startApplication, type TestApplication } from '../support/application.js';
import { aDeployment, aSlot } from '../support/fixtures.js';

let app: TestApplication;

beforeAll(async () => {
  app = await startApplication();
});
afterAll(() => app.close());

/** The tables whose rows are deleted while Plimsoll runs. */
const DELETED = ['audit_log', 'events', 'gate_engines', 'idempotent_replies', 'measurements'];

const REFERENCES_WITHOUT_INDEX = `
  select c.conname from pg_constraint c
  where c.contype = 'f' and c.confrelid::regclass::text = any ($1)
    and not exists (select from pg_index i where i.indrelid = c.conrelid and i.indkey[0] = c.conkey[1]
      and (i.indpred is null or pg_get_expr(i.indpred, i.indrelid) like '%IS NOT NULL)'))`;

describe('the schema', () => {
  it('lets nothing be deleted by reading the whole of a table that refers to it', async () => {
    expect(await app.database.query('references-without-index', REFERENCES_WITHOUT_INDEX, [DELETED])).toEqual([]);
  });

  it('gives no fence of a slot twice', async () => {
    const slot = await aSlot(app);
    for (const _ of [1, 2]) await aDeployment(app, { ...slot, state: 'verifying' });
    const twice = () => app.database.query('a-fence-twice', 'update deployments set fence = 1', []);
    await expect(twice()).rejects.toThrow('deployments_fence');
  });
});
