import { register } from 'prom-client';
import { Client } from 'pg';
import { AbandonedRuns } from '../../src/delivery/gates/engine/abandoned-runs.js';
import { Conclusions } from '../../src/delivery/gates/engine/conclusions.js';
import { GateMetrics } from '../../src/delivery/gates/engine/gate-metrics.js';
import { GateRunStore } from '../../src/delivery/gates/store/gate-run-store.js';
import type { PeriodicJobs } from '../../src/platform/jobs/periodic-jobs.js';
import { aHost, type FakeHost } from '../support/a-host.js';
import { startApplication, type TestApplication } from '../support/application.js';
import { eventually } from '../support/eventually.js';
import { aDeployment, aSlot } from '../support/fixtures.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

let database: TestDatabase;
let app: TestApplication;
let host: FakeHost;

beforeEach(async () => {
  host = await aHost({ '/readyz': {} });
  database = await createTestDatabase();
  app = await startApplication({ databaseUrl: database.url });
});
afterEach(async () => {
  await app.close();
  await database.drop();
  await host.close();
});

const aGate = (overrides: object = {}) => ({
  warmUpSeconds: 0,
  bakeSeconds: 1,
  checks: [
    {
      name: 'ready',
      type: 'http',
      url: '{host.url}/readyz',
      intervalSeconds: 1,
      expect: [{ field: 'status', op: 'eq', value: 200 }],
    },
  ],
  ...overrides,
});

async function verifying(gate: object): Promise<string> {
  const slot = await aSlot(app, { hosts: [host], gate });
  return (await aDeployment(app, { ...slot, state: 'verifying' })).id;
}

const verdictOf = (id: string) =>
  eventually(async () => {
    const { body } = await app.request('GET', `/v1/deployments/${id}/verdict`);
    expect(body.verdict).toMatch(/promote|rollback|hold/);
    return body;
  }, 25_000);

/** Changes the plan of a run, and gives it to whoever takes it. */
async function spoil(id: string, plan: string): Promise<void> {
  await database.query(`update gate_runs set plan = ${plan}, engine_id = null where deployment_id = '${id}'`);
}

async function failuresOf(id: string): Promise<number | undefined> {
  const [run] = await database.query<{ failures: number }>(
    `select failures from gate_runs where deployment_id = '${id}'`,
  );
  return run?.failures;
}

/** Counted by all tests of this file together. */
async function putAside(cause: 'failed' | 'abandoned'): Promise<number> {
  const { values = [] } = (await register.getSingleMetric('gate_runs_put_aside_total')?.get()) ?? {};
  return values.find(({ labels }) => labels['cause'] === cause)?.value ?? 0;
}

describe('a gate that cannot be watched', () => {
  it.each([
    ['taken over', { warmUpSeconds: 3600 }, `plan - 'checks'`],
    ['judged', { warmUpSeconds: 2 }, `jsonb_set(plan, '{checks,0,baseline}', '{"op": "unheard-of", "mean": 1}')`],
  ])(
    'when it is %s is put aside after three failures with a hold, and the others are watched',
    async (_when, gate, plan) => {
      const before = await putAside('failed');
      const bad = await verifying(aGate(gate));
      await spoil(bad, plan);
      const good = await verifying(aGate());
      expect((await verdictOf(good)).verdict).toBe('promote');
      expect(await verdictOf(bad)).toMatchObject({
        verdict: 'hold',
        reasons: [{ code: 'no-evidence', detail: expect.stringContaining('failed 3 times') }],
      });
      expect(await putAside('failed')).toBe(before + 1);
    },
  );

  it('is counted as a failure before it is taken over, which may kill the process, and no more once it is watched', async () => {
    const id = await verifying(aGate({ bakeSeconds: 600 }));
    await eventually(async () => expect(await database.query('select from measurements')).toHaveLength(1));
    expect(await failuresOf(id)).toBe(0);
    await using client = Object.assign(new Client(database.url), { [Symbol.asyncDispose]: () => client.end() });
    await client.connect();
    // What was measured is read when a run is taken over; the lock holds that up.
    await client.query('begin; lock table measurements');
    await database.query('update gate_runs set engine_id = null');
    await eventually(async () => expect(await failuresOf(id)).toBe(1));
    await client.query('rollback');
    await eventually(async () => expect(await failuresOf(id)).toBe(0));
  });

  it('comes after those that nobody failed with', async () => {
    const [bad, good] = [await verifying(aGate({ bakeSeconds: 600 })), await verifying(aGate({ bakeSeconds: 600 }))];
    await database.query(`
      create table taken (n serial, run uuid);
      create function note() returns trigger language plpgsql as
        'begin insert into taken (run) values (new.deployment_id); return new; end';
      create trigger note after update on gate_runs for each row
        when (old.engine_id is null and new.engine_id is not null) execute function note()`);
    await database.query(`update gate_runs set engine_id = null, failures = (deployment_id = '${bad}')::int`);
    await eventually(async () =>
      expect(await database.query('select run from taken order by n')).toEqual([{ run: good }, { run: bad }]),
    );
  });
});

/** Refuses a run to every engine. */
const REFUSE = `
  create function refuse() returns trigger language plpgsql as 'begin raise exception ''refused''; end';
  create trigger refuse before update on gate_runs for each row
    when (new.engine_id is not null and old.engine_id is null) execute function refuse()`;

/** Nobody looks but the test. */
function anOnlooker(): AbandonedRuns {
  const { nest, clock } = app;
  const noJobs = { every: () => undefined } as unknown as PeriodicJobs;
  return new AbandonedRuns(nest.get(GateRunStore), nest.get(Conclusions), clock, nest.get(GateMetrics), noJobs);
}

async function look(onlooker: AbandonedRuns, times: number): Promise<void> {
  for (let n = 0; n < times; n += 1) await onlooker.look();
}

const stateOf = async (id: string) => (await app.request('GET', `/v1/deployments/${id}`)).body.state;

describe('a gate that no engine can take', () => {
  it('ends in a hold when it is long past its deadline, and not before', async () => {
    const [late, early] = [await verifying(aGate({ bakeSeconds: 600 })), await verifying(aGate({ bakeSeconds: 600 }))];
    await database.query(REFUSE);
    await database.query(`update gate_runs set engine_id = null,
      deadline = case when deployment_id = '${late}' then now() - interval '1 s' else deadline end`);
    const onlooker = anOnlooker();
    await look(onlooker, 5);
    expect(await stateOf(late)).toBe('verifying');
    await look(onlooker, 1);
    expect(await verdictOf(late)).toMatchObject({
      verdict: 'hold',
      reasons: [{ code: 'no-evidence', detail: expect.stringContaining('no engine could watch') }],
    });
    await look(onlooker, 6);
    expect(await stateOf(early)).toBe('verifying');
    expect(await putAside('abandoned')).toBe(1);
  });

  it('is left to an engine that lives, however late it is', async () => {
    const id = await verifying(aGate({ bakeSeconds: 600 }));
    await eventually(async () =>
      expect(await database.query('select from gate_runs where engine_id is not null')).toHaveLength(1),
    );
    await database.query(`update gate_runs set deadline = now() - interval '1 h'`);
    await look(anOnlooker(), 7);
    expect(await stateOf(id)).toBe('verifying');
  });
});
