import { randomUUID } from 'node:crypto';
import { startApplication, type TestApplication } from '../support/application.js';
import { eventually } from '../support/eventually.js';
import { FakeClock } from '../support/fake-clock.js';
import { aDeployment } from '../support/fixtures.js';
import { askOperations, operationsSettings } from '../support/operations.js';

const DAY_MS = 24 * 60 * 60_000;

let app: TestApplication;
let start: Date;
const later: TestApplication[] = [];

beforeAll(async () => {
  start = new Date();
  app = await startApplication({ settings: operationsSettings, clock: new FakeClock(start) });
});
afterAll(async () => {
  for (const instance of later) await instance.close();
  await app.close();
});

/** Another instance on the same database, some days on. */
async function after(days: number): Promise<TestApplication> {
  const clock = new FakeClock(new Date(start.getTime() + days * DAY_MS));
  const { databaseUrl } = app;
  const instance = await startApplication({ settings: operationsSettings, clock, databaseUrl, withoutTokens: true });
  later.push(instance);
  return instance;
}

const query = <Row>(sql: string, values: unknown[] = []): Promise<Row[]> =>
  app.database.read((handle) => handle.query<Row[]>(sql, values));

/** Rows from the time of the first instance. */
async function old(table: string, column: string): Promise<number> {
  const sql = `select count(*)::int as n from ${table} where ${column} <= $1`;
  return (await query<{ n: number }>(sql, [start]))[0]!.n;
}
const events = () => old('events', 'created_at');
const audits = () => old('audit_log', 'at');
const measurements = () => old('measurements', 'due_at');

/** A gate run that ended at the start, with a measurement, or a moment earlier and without one. */
async function anEndedGateRun({ isMeasured = true } = {}): Promise<void> {
  const { id } = await aDeployment(app, { state: 'verifying' });
  const [deployment] = await query<{ slot_id: string }>('select slot_id from deployments where id = $1', [id]);
  const run = randomUUID();
  await query(
    `insert into gate_runs (id, deployment_id, slot_id, plan, deployed_at, identified_hosts, moved_ms, deadline, planned, done, promoted, ended_at)
     values ($1, $2, $3, '{}', $4, '{}', 0, $4, 1, 1, true, $4)`,
    [run, id, deployment!.slot_id, new Date(start.getTime() - Number(!isMeasured))],
  );
  if (!isMeasured) return;
  await query(
    `insert into measurements (gate_run_id, check_name, host, n, id, due_at, outcome) values ($1, 'a', 'a', 0, $2, $3, 'pass')`,
    [run, randomUUID(), start],
  );
}

const lastSuccessOf = async (instance: TestApplication, job: string): Promise<string | null> => {
  const { jobs } = (await askOperations(instance, 'GET', '/jobs')).body;
  return jobs.find(({ name }: { name: string }) => name === job)?.lastSuccess ?? null;
};

describe('what is kept', () => {
  it('is deleted when it is as old as the runtime configuration says, and not before', async () => {
    await anEndedGateRun();
    const young = await after(89);
    for (const job of ['events-retention', 'measurements-retention', 'audit-log-retention']) {
      await eventually(async () => expect(await lastSuccessOf(young, job)).not.toBeNull());
    }
    const before = { events: await events(), audits: await audits(), measurements: await measurements() };
    expect(Object.values(before).every((count) => count > 0)).toBe(true);
    await after(91);
    await eventually(async () => expect([await events(), await measurements()]).toEqual([0, 0]));
    expect(await audits()).toBe(before.audits);
    await after(731);
    await eventually(async () => expect(await audits()).toBe(0));
  });

  it('is deleted however many gate runs have ended before anything was measured', async () => {
    for (let n = 0; n < 20; n += 1) await anEndedGateRun({ isMeasured: false });
    await anEndedGateRun();
    await after(91);
    await eventually(async () => expect(await measurements()).toBe(0));
  });

  it('stays for as long as somebody has said, however soon a new instance starts', async () => {
    await anEndedGateRun();
    await askOperations(app, 'PATCH', '/runtime-config', { body: { retention: { measurementsDays: 3650 } } });
    const instance = await after(800);
    await eventually(async () => expect(await lastSuccessOf(instance, 'measurements-retention')).not.toBeNull());
    expect(await measurements()).toBe(1);
  });
});
