import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { type FakeHost, aHost } from '../support/a-host.js';
import { startApplication, type TestApplication } from '../support/application.js';
import { DatabaseProxy } from '../support/database-proxy.js';
import { eventually } from '../support/eventually.js';
import { aDeployment, aSlot } from '../support/fixtures.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

let database: TestDatabase;
let proxy: DatabaseProxy;
/** Reaches the database by way of the proxy. */
let app: TestApplication;
let host: FakeHost;
/** Undone in reverse, whatever fails of it. */
let open: AsyncDisposableStack;

beforeEach(async () => {
  open = new AsyncDisposableStack();
  database = open.adopt(await createTestDatabase(), (it) => it.drop());
  proxy = open.adopt(await DatabaseProxy.before(database.url), (it) => it.cut());
  host = open.use(await aHost({ '/readyz': {}, '/info': {} }));
  app = open.adopt(await startApplication({ databaseUrl: proxy.url }), (it) => it.close());
});
afterEach(() => open.disposeAsync());

const aGate = (overrides: object = {}) => ({
  warmUpSeconds: 0,
  bakeSeconds: 4,
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

async function anotherApplication(): Promise<TestApplication> {
  return open.adopt(await startApplication({ databaseUrl: database.url }), (it) => it.close());
}

const verdictFrom = (from: TestApplication, id: string) =>
  eventually(async () => {
    const { body } = await from.request('GET', `/v1/deployments/${id}/verdict`);
    expect(body.verdict).toMatch(/promote|rollback|hold/);
    return body;
  }, 25_000);

interface Run {
  readonly id: string;
  readonly engine_id: string | null;
  readonly moved_ms: number;
  readonly done: number;
  readonly planned: number;
}

async function theRun(): Promise<Run> {
  const [run] = await database.query<Run>('select id, engine_id, moved_ms, done, planned from gate_runs');
  if (!run) throw new Error('there is no gate run');
  return run;
}

/** The only engine that lives: when it was seen, and whether it waits to read what was measured before. */
async function theEngine(): Promise<{ seenAt: number; reading: boolean }> {
  const [engine] = await database.query<{ seenAt: number; reading: boolean }>(`
    select extract(epoch from seen_at)::float8 * 1000 as "seenAt",
           exists (select from pg_locks where relation = 'measurements'::regclass and not granted
                                          and mode = 'AccessShareLock') as reading
      from gate_engines where lease_until > now()`);
  if (!engine) throw new Error('there is no engine');
  return engine;
}

/** As a process does that gets no processor. */
function standStill(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

async function aClient(url: string): Promise<AsyncDisposable & Client> {
  const client = new Client({ connectionString: url });
  await client.connect();
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.end() });
}

async function outcomes(): Promise<string[]> {
  const rows = await database.query<{ outcome: string }>('select outcome from measurements order by n');
  return rows.map(({ outcome }) => outcome);
}

/** As if the engine that watches the only run had been killed some time ago, and been one of another instance. */
async function engineDies(secondsAgo: number): Promise<void> {
  const dead = randomUUID();
  await database.query(`
    with dead as (
      insert into gate_engines values ('${dead}', now() - interval '${secondsAgo} s', now() + interval '1 day') returning id
    )
    update gate_runs set engine_id = (select id from dead)`);
  await database.query(`update gate_engines set lease_until = now() - interval '1 s' where id = '${dead}'`);
}

describe('an engine', () => {
  it('goes on when the database comes back, and has lost nothing', async () => {
    // Nothing is missed until the next measurement is due: an engine that gets no processor for a second loses nothing.
    const [check] = aGate().checks;
    const id = await verifying(aGate({ warmUpSeconds: 2, bakeSeconds: 9, checks: [{ ...check, intervalSeconds: 3 }] }));
    await eventually(() => expect(host.requests()).toBeGreaterThanOrEqual(1));
    await proxy.cut();
    await eventually(() => expect(host.requests()).toBeGreaterThanOrEqual(3), 20_000);
    await proxy.restore();
    expect((await verdictFrom(app, id)).verdict).toBe('promote');
    expect(await outcomes()).toEqual(['pass', 'pass', 'pass', 'pass']);
    expect(await theRun()).toMatchObject({ moved_ms: 0, done: 4, planned: 4 });
  }, 60_000);

  it('comes to its verdict when the database is away at the end of the bake', async () => {
    const id = await verifying(aGate({ bakeSeconds: 1 }));
    await eventually(() => expect(host.requests()).toBe(1));
    await proxy.cut();
    await eventually(() => expect(host.requests()).toBe(2));
    await proxy.restore();
    expect((await verdictFrom(app, id)).verdict).toBe('promote');
  });

  it('that cannot reach the database for longer than its lease is relieved, and writes nothing any more', async () => {
    // Long enough for measurements to be left that the lease makes missed, however late a busy machine sees the first two.
    const id = await verifying(aGate({ bakeSeconds: 15 }));
    await eventually(async () => expect((await outcomes()).length).toBeGreaterThanOrEqual(2));
    const before = await theRun();
    proxy.silence();
    const relief = await anotherApplication();
    await eventually(async () => expect((await theRun()).engine_id).not.toBe(before.engine_id), 15_000);
    host.answer('/readyz', { status: 503 });
    await proxy.restore();
    expect(await verdictFrom(relief, id)).toMatchObject({
      verdict: 'rollback',
      reasons: [{ code: 'check-failed' }, {}],
    });
    const measured = await outcomes();
    // How many depends on how fresh the lease of 4 s was, and on the one that is late and still made.
    expect(measured.filter((outcome) => outcome === 'missed').length).toBeGreaterThanOrEqual(1);
    expect(measured.filter((outcome) => outcome === 'fail')).toHaveLength(2);
    const engines = await database.query(`select from gate_engines where id = '${before.engine_id}'`);
    expect(engines).toEqual([]);
  });

  it('hands its runs over at once when it stops', async () => {
    const id = await verifying(aGate());
    await eventually(async () => expect((await outcomes()).length).toBeGreaterThanOrEqual(1));
    const successor = await anotherApplication();
    await app.close();
    expect((await verdictFrom(successor, id)).verdict).toBe('promote');
    expect(await outcomes()).toEqual(['pass', 'pass', 'pass', 'pass', 'pass']);
    expect((await theRun()).moved_ms).toBe(0);
  });

  it('takes over from a dead one, and makes up for what was missed', async () => {
    const id = await verifying(aGate({ bakeSeconds: 5 }));
    await eventually(async () => expect((await outcomes()).length).toBe(1));
    await database.query(`update gate_runs set deployed_at = deployed_at - interval '3 s',
      bake_begins_at = bake_begins_at - interval '3 s', bake_ends_at = bake_ends_at - interval '3 s'`);
    await engineDies(3);
    expect((await verdictFrom(app, id)).verdict).toBe('promote');
    const run = await theRun();
    expect(run.moved_ms).toBeGreaterThanOrEqual(3000);
    expect(run.moved_ms).toBeLessThanOrEqual(5000);
    const measured = await outcomes();
    expect(measured).toHaveLength(run.planned);
    expect(measured.filter((outcome) => outcome === 'missed').length).toBeGreaterThanOrEqual(2);
    expect(measured.filter((outcome) => outcome === 'pass').length).toBeGreaterThanOrEqual(5);
  });

  it('holds after a time in which nobody watched for longer than can be made up for', async () => {
    const id = await verifying(aGate({ bakeSeconds: 5 }));
    await eventually(async () => expect((await outcomes()).length).toBe(1));
    await database.query(`update gate_runs set deployed_at = deployed_at - interval '1 h',
      bake_begins_at = bake_begins_at - interval '1 h', bake_ends_at = bake_ends_at - interval '1 h'`);
    await engineDies(3600);
    expect(await verdictFrom(app, id)).toMatchObject({ verdict: 'hold', reasons: [{ code: 'no-evidence' }] });
    expect(await theRun()).toMatchObject({ moved_ms: 5000, planned: 11, done: 11 });
  });

  it('keeps its lease while it takes over, however long that takes', async () => {
    await verifying(aGate({ bakeSeconds: 600 }));
    await eventually(async () => expect((await outcomes()).length).toBe(1));
    await using client = await aClient(database.url);
    // What was measured is read when a run is taken over; the lock holds that up.
    await client.query('begin; lock table measurements');
    await engineDies(0);
    await eventually(async () => expect((await theEngine()).reading).toBe(true), 10_000);
    const { seenAt } = await theEngine();
    await eventually(async () => expect((await theEngine()).seenAt).toBeGreaterThan(seenAt + 1500), 4000);
    expect((await theEngine()).reading).toBe(true);
  });

  it('that stood still itself lets the others come to, before it takes their lease for expired', async () => {
    await engineDies(0);
    await eventually(async () => expect(await database.query('select from gate_engines')).toHaveLength(1), 10_000);
    const other = randomUUID();
    await database.query(`insert into gate_engines values ('${other}', now(), now() + interval '1 s')`);
    standStill(3000);
    for (const beat of [1, 2]) {
      const { seenAt } = await theEngine();
      await eventually(async () => expect([beat, (await theEngine()).seenAt]).not.toEqual([beat, seenAt]));
    }
    expect(await database.query(`select from gate_engines where id = '${other}'`)).toHaveLength(1);
  });

  it('writes the verdict that a dead one had all measurements for', async () => {
    const id = await verifying(aGate({ bakeSeconds: 600 }));
    await eventually(async () => expect((await outcomes()).length).toBe(1));
    const { id: runId } = await theRun();
    await database.query(`
      insert into measurements (gate_run_id, check_name, host, n, id, due_at, outcome)
      select '${runId}', 'ready', 'a', n, gen_random_uuid(), now(), 'fail' from generate_series(100, 101) n`);
    await database.query('update gate_runs set done = done + 2');
    await engineDies(0);
    expect((await verdictFrom(app, id)).verdict).toBe('rollback');
  });

  it('reads all that a dead one had measured, however much it is', async () => {
    const id = await verifying(aGate({ bakeSeconds: 7200 }));
    await eventually(async () => expect((await outcomes()).length).toBe(1));
    const { id: runId } = await theRun();
    await database.query(`
      insert into measurements (gate_run_id, check_name, host, n, id, due_at, outcome)
      select '${runId}', 'ready', 'a', n, gen_random_uuid(), now(), case when n < 6998 then 'pass' else 'fail' end
        from generate_series(1000, 6999) n`);
    await engineDies(0);
    expect(await verdictFrom(app, id)).toMatchObject({
      verdict: 'rollback',
      reasons: [{ detail: expect.stringContaining('2 of 6001 measurements failed, 2 of them in a row') }, {}],
    });
  });

  it('accuses no host that nobody looked at while it had time to show its release', async () => {
    const identity = { url: '{host.url}/info', field: '/imageDigest', withinSeconds: 600 };
    const id = await verifying(aGate({ bakeSeconds: 1, identity }));
    // One that takes the run only afterwards would take the hour for its own absence, and wait for the host.
    await eventually(async () => expect((await theRun()).engine_id).not.toBeNull());
    await database.query(`update gate_runs set deployed_at = deployed_at - interval '1 h',
      identity_ends_at = identity_ends_at - interval '1 h'`);
    await engineDies(3600);
    expect(await verdictFrom(app, id)).toMatchObject({
      verdict: 'hold',
      reasons: [{ code: 'no-evidence', host: 'a' }],
    });
  });
});
