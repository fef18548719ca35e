import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import { Reports } from '../../src/operations/reports/reports.js';
import { AuditSeals } from '../../src/platform/audit/audit-seals.js';
import { problem, startApplication, type TestApplication } from '../support/application.js';
import { anEnvironment } from '../support/fixtures.js';
import { until } from '../support/program.js';

const command = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

interface Seal {
  readonly number: number;
  readonly entries: number;
  readonly hash: string;
  readonly isIntact: boolean;
  readonly isChained: boolean;
  readonly faultCount: number;
  readonly faults: { readonly entryId: string; readonly kind: string }[];
}

let app: TestApplication;
let other: Client;

beforeEach(async () => {
  app = await startApplication();
  await untilJobsHaveRun();
  other = new Client(app.databaseUrl);
  await other.connect();
});
afterEach(async () => {
  await other.end();
  await app.close();
});

interface Jobs {
  readonly jobs: { readonly name: string; readonly lastSuccess: Date | null }[];
}

/** They run once at the start, and would seal what a test has just begun to write, or delete what it writes of long ago. */
async function untilJobsHaveRun(): Promise<void> {
  await until('the first run of the jobs', async () => {
    const { jobs } = (await app.nest.get(Reports).collect('jobs')) as Jobs;
    const own = jobs.filter(({ name }) => name === 'audit-seals' || name === 'audit-log-retention');
    return own.length === 2 && own.every(({ lastSuccess }) => lastSuccess !== null) ? own : null;
  });
}

const seal = () => app.nest.get(AuditSeals).sealAll();
const change = (count = 1) => Promise.all(Array.from({ length: count }, () => anEnvironment(app)));
const sealsOf = async (token = app.tokens.operator): Promise<{ items: Seal[]; unsealed: number }> =>
  (await app.request('GET', '/v1/audit/seals?limit=20', { token })).body;
const entries = async (): Promise<string[]> =>
  (await other.query<{ id: string }>('select id from audit_log order by written_at, id')).rows.map(({ id }) => id);

/** Two seals of three entries each. */
async function twoSeals(): Promise<string[]> {
  for (const _ of [1, 2]) {
    await change(3);
    await seal();
  }
  return entries();
}

async function faults(): Promise<unknown[]> {
  const { items } = await sealsOf();
  return items.flatMap((each) => each.faults.map(({ entryId, kind }) => [each.number, kind, entryId]));
}

async function doctor(token: string): Promise<string> {
  const env = { PATH: process.env['PATH'], PLIMSOLL_URL: app.url, PLIMSOLL_TOKEN: token, NO_COLOR: '1' };
  const child = spawn(process.execPath, [command, 'doctor'], { env, cwd: '/' });
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  await once(child, 'close');
  return out;
}

describe('the seals of the audit log', () => {
  it('are of every entry, once, and chained', async () => {
    await twoSeals();
    await change();
    const { items, unsealed } = await sealsOf();
    expect([items.map(({ number, entries: n, isIntact }) => [number, n, isIntact]), unsealed]).toEqual([
      [
        [1, 3, true],
        [2, 3, true],
      ],
      1,
    ]);
    await seal();
    await seal();
    expect((await sealsOf()).items).toMatchObject([{}, {}, { number: 3, entries: 1, isIntact: true }]);
    expect(new Set(items.map(({ hash }) => hash)).size).toBe(2);
  });

  it.each([
    ['changed', `update audit_log set actor = 'nobody' where id = $1`],
    ['changed', `update audit_log set after = '{"tier":"staging"}' where id = $1`],
    ['changed', `update audit_log set at = at + interval '1 ms' where id = $1`],
    ['removed', `delete from audit_log where id = $1`],
  ])('find an entry that was %s: %s', async (kind, statement) => {
    const [, second = ''] = await twoSeals();
    await other.query(statement, [second]);
    expect(await faults()).toEqual([[1, kind, second]]);
    expect((await sealsOf()).items).toMatchObject([
      { isIntact: false, isChained: true, faultCount: 1 },
      { isIntact: true },
    ]);
  });

  it('find an entry that was added to what is sealed', async () => {
    const [first = ''] = await twoSeals();
    const id = crypto.randomUUID();
    const columns = 'at, actor, action, subject, written_at';
    await other.query(`insert into audit_log (id, ${columns}) select $1, ${columns} from audit_log where id = $2`, [
      id,
      first,
    ]);
    expect(await faults()).toEqual([[1, 'added', id]]);
  });

  it('find a seal that was made to fit, since the next one no longer follows', async () => {
    const [first = ''] = await twoSeals();
    await other.query(`update audit_log set actor = 'nobody' where id = $1`, [first]);
    await other.query(`update audit_seals set hashes[1] = sha256('x'), chain = sha256('y') where number = 1`);
    const { items } = await sealsOf();
    expect(items.map(({ isChained, isIntact }) => [isChained, isIntact])).toEqual([
      [false, false],
      [false, false],
    ]);
  });

  it('keep nobody waiting, and leave what is not committed to the next one', async () => {
    await change(2);
    await other.query('begin');
    await other.query(`insert into audit_log (id, at, actor, action, subject) values ($1, now(), 'a', 'b', 'c')`, [
      crypto.randomUUID(),
    ]);
    await change(2);
    await seal();
    await other.query('commit');
    await seal();
    const { items, unsealed } = await sealsOf();
    const sum = items.reduce((total, each) => total + each.entries, 0);
    expect([sum, unsealed, items.every(({ isIntact }) => isIntact)]).toEqual([5, 0, true]);
    expect(items[0]?.entries).toBe(2);
  });

  it('begin with what was written before there were any', async () => {
    await change(3);
    await other.query('update audit_log set written_at = null');
    await change(2);
    await seal();
    expect((await sealsOf()).items.map(({ entries: n, isIntact }) => [n, isIntact])).toEqual([
      [3, true],
      [2, true],
    ]);
    const { rows } = await other.query<{ id: string }>('delete from audit_log where written_at is null returning id');
    expect((await faults()).length).toBe(rows.length);
  });

  it('miss nothing that the audit log has forgotten', async () => {
    const old = '01700000-0000-7000-8000-000000000000';
    await other.query(
      `insert into audit_log (id, at, actor, action, subject) values ($1, '2020-01-01', 'a', 'b', 'c')`,
      [old],
    );
    await change();
    await seal();
    await other.query('delete from audit_log where id = $1', [old]);
    expect((await sealsOf()).items).toMatchObject([{ entries: 2, isIntact: true, faults: [] }]);
  });

  it('are made once, however many instances make them', async () => {
    await change(5);
    await Promise.all([seal(), seal(), seal()]);
    await seal();
    expect((await sealsOf()).items.map(({ entries: n }) => n)).toEqual([5]);
  });

  it('are verified by operators', async () => {
    expect(await app.request('GET', '/v1/audit/seals', { token: app.tokens.deployer })).toMatchObject(
      problem(403, 'forbidden'),
    );
    const [first] = await twoSeals();
    expect(await doctor(app.tokens.operator)).toMatch(
      /✓ audit log: 6 entries are as they were sealed, 0 .*newest seal 2:[0-9a-f]{64}/,
    );
    expect(await doctor(app.tokens.deployer)).toContain('! audit log: not verified');
    await other.query('delete from audit_log where id = $1', [first]);
    expect(await doctor(app.tokens.operator)).toContain(`✗ audit log: seal 1: ${first} was removed`);
    await other.query('delete from audit_seals where number = 1');
    expect(await doctor(app.tokens.operator)).toContain('✗ audit log: seal 1 is gone');
  });
});
