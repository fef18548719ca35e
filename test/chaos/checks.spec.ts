import { type Call, kinds, type Ledger, type LedgerDeployment, plants, scheduleOf, violationsOf } from './modules.js';
import { minutes, seeds } from './seeds.js';

const slot = 'a';
const [first, second] = ['sha256:1', 'sha256:2'];

const call = (act: string, invokedAt: number, fields: Partial<Call>): Call => ({
  slot,
  act,
  invokedAt,
  returnedAt: invokedAt + 10,
  outcome: 'acknowledged',
  status: 200,
  ...fields,
});

const deployment = (n: number, fields: Partial<LedgerDeployment> = {}): LedgerDeployment => ({
  id: `d${n}`,
  slot,
  kind: 'deploy',
  attempt: `try-${n}`,
  digest: `sha256:${n}`,
  fence: n,
  state: 'promoted',
  applied: ['deployed', 'verdict-promote'],
  reasons: ['all-checks-passed'],
  hostsChanged: null,
  planned: 6,
  passed: 6,
  failed: 0,
  ...fields,
});

/** What a client is told of a deployment that is promoted. */
const promotion = (n: number, at: number): Call[] => [
  call('release', at, { attempt: `sha256:${n}` }),
  call('start', at + 20, { attempt: `try-${n}`, deployment: `d${n}`, sees: { fence: n } }),
  call('deployed', at + 40, { deployment: `d${n}`, state: 'verifying', sees: { active: `d${n}`, phase: 'verifying' } }),
  call('read-verdict', at + 60, { deployment: `d${n}`, state: 'promoted', verdict: 'promote' }),
];

const free = (fence: number, digest: string) => ({
  fence,
  active: null,
  phase: null,
  running: digest,
  runningState: 'known',
  good: digest,
});

const calls = [
  ...promotion(1, 0),
  call('read-slot', 90, { sees: free(1, first) }),
  ...promotion(2, 100),
  call('read-slot', 190, { sees: free(2, second) }),
];
const ledger: Ledger = {
  deployments: [deployment(1), deployment(2)],
  releases: [first, second],
  evidence: { 'try-1': { isGood: true, good: 6, bad: 0 }, 'try-2': { isGood: true, good: 7, bad: 0 } },
};

const checksOf = (told: readonly Call[], kept: Ledger) => violationsOf([slot], told, kept).map(({ check }) => check);
const without = (n: number, fields: Partial<LedgerDeployment>): Ledger => ({
  ...ledger,
  deployments: ledger.deployments.map((one) => (one.id === `d${n}` ? { ...one, ...fields } : one)),
});

describe('what clients were told and what the ledger has', () => {
  it('breaks no promise where both agree', () => {
    expect(violationsOf([slot], calls, ledger)).toEqual([]);
  });

  it('breaks one where an acknowledged deployment, release or report is not there', () => {
    expect(checksOf(calls, { ...ledger, deployments: [deployment(2)] })).toContain('lost write');
    expect(checksOf(calls, { ...ledger, releases: [first] })).toEqual(['lost write']);
    expect(checksOf(calls, without(2, { state: 'in_progress', applied: [] }))).toContain('lost write');
  });

  it('breaks one where what was refused is there', () => {
    const refused = calls.map((one) => (one.attempt === 'try-2' ? { ...one, outcome: 'refused' as const } : one));
    expect(checksOf(refused, ledger)).toContain('lost write');
  });

  it('breaks none where a write of unknown outcome is there, or is not', () => {
    const unknown = call('start', 200, { attempt: 'try-3', outcome: 'unknown' });
    const there = deployment(3, { state: 'in_progress', applied: [], planned: null });
    expect(checksOf([...calls, unknown], ledger)).toEqual([]);
    expect(checksOf([...calls, unknown], { ...ledger, deployments: [...ledger.deployments, there] })).toEqual([]);
  });

  it('breaks one where two deployments of a slot are active, at the end or in a list', () => {
    const active = { state: 'verifying', applied: ['deployed'] };
    const both = { ...ledger, deployments: [deployment(1, active), deployment(2, active)] };
    expect(checksOf(calls, both)).toContain('two active deployments in a slot');
    const list = call('read-list', 150, { activeOnes: ['d1', 'd2'] });
    expect(checksOf([...calls, list], ledger)).toEqual(['two active deployments in a slot']);
  });

  it('breaks one where two deployments have the same fence', () => {
    expect(checksOf(calls, without(2, { fence: 1 }))).toContain('two active deployments in a slot');
  });

  it('breaks one where a verdict is another than was told', () => {
    expect(checksOf(calls, without(1, { state: 'rejected' }))).toContain('verdict changed');
    const other = call('read-verdict', 300, { deployment: 'd1', state: 'rejected', verdict: 'rollback' });
    expect(checksOf([...calls, other], ledger)).toContain('verdict changed');
  });

  it.each([
    ['without measurements', without(1, { passed: 0 })],
    ['with too few', without(1, { passed: 4 })],
    ['against them', without(1, { passed: 3, failed: 3 })],
    ['without a gate run', without(1, { planned: null })],
    ['by a decision that nobody made', without(1, { applied: ['deployed', 'verdict-hold', 'decide-promote'] })],
    [
      'while its host was not asked',
      { ...ledger, evidence: { ...ledger.evidence, 'try-1': { isGood: true, good: 2, bad: 0 } } },
    ],
    [
      'while its host was not well',
      { ...ledger, evidence: { ...ledger.evidence, 'try-1': { isGood: false, good: 9, bad: 9 } } },
    ],
  ])('breaks one where a deployment is promoted %s', (_, kept) => {
    expect(checksOf(calls, kept)).toContain('promoted without evidence');
  });
});

describe('the reads of a slot', () => {
  it('may show either side of a write that is under way', () => {
    const during = [
      call('read-slot', 121, { sees: free(1, first), returnedAt: 129 }),
      call('read-slot', 126, { sees: { fence: 2, active: 'd2', phase: 'in_progress' }, returnedAt: 128 }),
    ];
    expect(checksOf([...calls, ...during], ledger)).toEqual([]);
  });

  it.each([
    ['what was written over before', call('read-slot', 300, { sees: free(1, first) })],
    ['what is written only later', call('read-slot', 50, { sees: free(2, second) })],
    ['half of a write', call('read-slot', 300, { sees: { ...free(2, second), running: first } })],
    ['a holder that had ended', call('start', 300, { outcome: 'refused', attempt: 'x', sees: { active: 'd2' } })],
  ])('may not show %s', (_, read) => {
    expect(checksOf([...calls, read], ledger)).toEqual(['linearizability']);
  });

  it('name in a violation what was read and what the slot may have been', () => {
    const stale = call('read-slot', 300, { sees: free(1, first) });
    const [violation] = violationsOf([slot], [...calls, stale], ledger);
    expect(violation?.says).toMatch(/read-slot.*"fence":1.*may have been.*"fence":2/);
    expect(violation?.history.join('\n')).toContain('read-slot');
  });

  it('may show a verdict before anybody asked for it, a rollback in place of what it preempts, and a failure', () => {
    const rest = [
      call('start', 200, { attempt: 'try-3', deployment: 'd3', sees: { fence: 3 } }),
      call('deployed', 220, { deployment: 'd3', state: 'verifying' }),
      call('rollback', 240, { attempt: 'try-4', deployment: 'd4', sees: { fence: 4 } }),
      call('read-slot', 260, { sees: { ...free(4, 'sha256:3'), good: second, active: 'd4', phase: 'in_progress' } }),
      call('failed', 280, { deployment: 'd4', state: 'failed' }),
      call('read-slot', 300, { sees: { ...free(4, second), running: null, runningState: 'unknown' } }),
    ];
    const more = [
      deployment(3, { state: 'rejected', applied: ['deployed', 'preempt'] }),
      deployment(4, {
        kind: 'rollback',
        digest: first,
        state: 'failed',
        applied: ['failed'],
        hostsChanged: true,
        planned: null,
      }),
    ];
    expect(checksOf([...calls, ...rest], { ...ledger, deployments: [...ledger.deployments, ...more] })).toEqual([]);
  });
});

describe('the schedule', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(scheduleOf(7, 10)).toEqual(scheduleOf(7, 10));
    expect(scheduleOf(7, 10)).not.toEqual(scheduleOf(8, 10));
  });

  it('has at least 30 faults in ten minutes, of every kind, one after the other', () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const planned = scheduleOf(seed, 10);
      expect(planned.length).toBeGreaterThanOrEqual(36);
      expect(new Set(planned.map(({ fault }) => fault.kind))).toEqual(new Set(kinds.map(({ kind }) => kind)));
      expect(planned.filter(({ at }, n) => n > 0 && at < planned[n - 1]!.at + planned[n - 1]!.forMs)).toEqual([]);
    }
  });

  it('has faults of every kind in the runs of the container tests', () => {
    const drawn = seeds.flatMap((seed) => scheduleOf(seed, minutes).map(({ fault }) => fault.kind));
    expect(new Set(drawn)).toEqual(new Set(kinds.map(({ kind }) => kind)));
  });

  it('heals whatever it breaks', () => {
    expect(scheduleOf(1, 60).filter(({ fault }) => fault.heal === '')).toEqual([]);
  });
});

it('plants one violation for every check', () => {
  expect(plants.map(({ found }) => found)).toEqual([
    'lost write',
    'two active deployments in a slot',
    'verdict changed',
    'promoted without evidence',
    'linearizability',
  ]);
});
