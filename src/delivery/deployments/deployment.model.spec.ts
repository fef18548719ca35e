import * as fc from 'fast-check';
import {
  boundedReasons,
  DEPLOYMENT_EVENTS,
  DEPLOYMENT_STATES,
  type DeploymentEvent,
  type DeploymentState,
  HEARTBEAT_LEASE_MS,
  HOLD_TIMEOUT_MS,
  deadlineOf,
  isActive,
  isFenceDead,
  isFinal,
  stalenessOf,
  stepOf,
  verdictOf,
} from './deployment.model.js';

/** The contract's table, written a second time and by hand: every pair that is not here must be refused. */
const MOVES: [DeploymentState, DeploymentEvent, DeploymentState][] = [
  ['queued', 'start', 'in_progress'],
  ['queued', 'supersede', 'superseded'],
  ['queued', 'cancel', 'cancelled'],
  ['in_progress', 'deployed', 'verifying'],
  ['in_progress', 'failed', 'failed'],
  ['in_progress', 'lease-expired', 'failed'],
  ['in_progress', 'cancel', 'cancelled'],
  ['in_progress', 'preempt', 'failed'],
  ['verifying', 'verdict-promote', 'promoted'],
  ['verifying', 'verdict-rollback', 'rejected'],
  ['verifying', 'verdict-hold', 'on_hold'],
  ['verifying', 'cancel', 'rejected'],
  ['verifying', 'decide-reject', 'rejected'],
  ['verifying', 'preempt', 'rejected'],
  ['on_hold', 'decide-promote', 'promoted'],
  ['on_hold', 'decide-reject', 'rejected'],
  ['on_hold', 'hold-timeout', 'rejected'],
  ['on_hold', 'preempt', 'rejected'],
];

const everyPair = DEPLOYMENT_STATES.flatMap((state) => DEPLOYMENT_EVENTS.map((event) => [state, event] as const));

describe('the life of a deployment', () => {
  it.each(everyPair)('%s × %s goes where the contract says, or nowhere', (state, event) => {
    const to = MOVES.find(([from, by]) => from === state && by === event)?.[2];
    expect(stepOf(state, [], event)).toEqual(to ? { kind: 'moves', to } : { kind: 'impossible' });
  });

  const finals = DEPLOYMENT_STATES.filter(isFinal);

  it.each(finals)('%s is never left: an event that was applied before repeats, whatever it was', (state) => {
    const steps = DEPLOYMENT_EVENTS.map((event) => stepOf(state, [event], event));
    expect(new Set(steps.map(({ kind }) => kind))).toEqual(new Set(['repeats']));
  });

  it('ends: whatever happens, what was final once stays as it is', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...DEPLOYMENT_EVENTS)), (events) => {
        const states: DeploymentState[] = ['queued'];
        for (const event of events) {
          const step = stepOf(states.at(-1) ?? 'queued', [], event);
          if (step.kind === 'moves') states.push(step.to);
        }
        expect(states.slice(0, -1).filter(isFinal)).toEqual([]);
      }),
    );
  });

  it('never changes a verdict of promote or rollback', () => {
    const decided = DEPLOYMENT_STATES.filter((state) => ['promote', 'rollback'].includes(verdictOf(state)));
    expect(decided.filter((state) => !isFinal(state))).toEqual([]);
  });

  it('has nobody wait for nothing: what is final is not pending', () => {
    expect(finals.map(verdictOf)).not.toContain('pending');
  });

  it('holds the slot from the start until the end, and not in the queue', () => {
    expect(DEPLOYMENT_STATES.filter(isActive)).toEqual(['in_progress', 'verifying', 'on_hold']);
  });

  it('cuts off the deployer of a preempted deployment only where it was still putting the release there', () => {
    expect(isFenceDead('failed', 'preempted')).toBe(true);
    expect(isFenceDead('rejected', 'preempted')).toBe(false);
    expect(isFenceDead('failed', 'lease-expired')).toBe(false);
  });
});

describe('the deadline of whoever holds a slot', () => {
  const at = new Date('2026-01-01T00:00:00.000Z');
  const gate = new Date('2026-01-01T00:10:00.000Z');
  const holding = { startedAt: at, heartbeatAt: null, heldAt: at };

  it('is the heartbeat lease, the gate or the hold, by state', () => {
    expect(deadlineOf({ ...holding, state: 'in_progress' }, null)).toEqual(new Date(at.getTime() + HEARTBEAT_LEASE_MS));
    expect(deadlineOf({ ...holding, state: 'verifying' }, gate)).toEqual(gate);
    expect(deadlineOf({ ...holding, state: 'on_hold' }, gate)).toEqual(new Date(at.getTime() + HOLD_TIMEOUT_MS));
    expect(deadlineOf({ ...holding, state: 'promoted' }, gate)).toBeNull();
  });

  const minutes = (count: number) => new Date(at.getTime() + count * 60_000);
  const anOutage = (from: number, to: number) => ({ beganAt: minutes(from), endedAt: minutes(to) });

  it('is a whole lease after an outage, unless a heartbeat came since', () => {
    const outages = [anOutage(40, 50), anOutage(5, 20)];
    expect(deadlineOf({ ...holding, state: 'in_progress' }, null, outages)).toEqual(minutes(65));
    const heartbeatAt = minutes(55);
    expect(deadlineOf({ ...holding, heartbeatAt, state: 'in_progress' }, null, outages)).toEqual(minutes(70));
  });

  it('leaves a hold what it had left before each outage', () => {
    const outages = [anOutage(40, 50), anOutage(5, 20)];
    expect(deadlineOf({ ...holding, state: 'on_hold' }, null, outages)).toEqual(minutes(30 + 10 + 15));
  });

  it('counts no outage from before', () => {
    const before = [anOutage(-20, -10)];
    expect(deadlineOf({ ...holding, state: 'on_hold' }, null, before)).toEqual(minutes(30));
    expect(deadlineOf({ ...holding, state: 'in_progress' }, null, before)).toEqual(minutes(15));
  });

  it('moves with every heartbeat', () => {
    const heartbeatAt = new Date('2026-01-01T00:05:00.000Z');
    expect(deadlineOf({ ...holding, heartbeatAt, state: 'in_progress' }, null)).toEqual(
      new Date(heartbeatAt.getTime() + HEARTBEAT_LEASE_MS),
    );
  });
});

describe('what a deployment expects of its slot', () => {
  const older = new Date('2026-01-01T00:00:00.000Z');
  const newer = new Date('2026-01-02T00:00:00.000Z');
  const nothing = { expectedPrevious: null, sequenceKey: null };
  const running = { state: 'known', digest: 'sha256:a', sequenceKey: newer } as const;

  it.each([
    ['nothing expected', nothing, running, null],
    ['the running release', { ...nothing, expectedPrevious: 'sha256:a' }, running, null],
    ['another release', { ...nothing, expectedPrevious: 'sha256:b' }, running, 'stale-base'],
    [
      'a release, where nobody knows what runs',
      { ...nothing, expectedPrevious: 'sha256:a' },
      { ...running, state: 'unknown' as const },
      'stale-base',
    ],
    [
      'a release, where nothing runs',
      { ...nothing, expectedPrevious: 'sha256:a' },
      { state: 'none' as const, digest: null, sequenceKey: null },
      'stale-base',
    ],
    ['an older sequence key', { ...nothing, sequenceKey: older }, running, 'outdated'],
    ['the same sequence key', { ...nothing, sequenceKey: newer }, running, null],
    [
      'a key where the running one has none',
      { ...nothing, sequenceKey: older },
      { ...running, sequenceKey: null },
      null,
    ],
  ] as const)('%s', (_, expectation, found, staleness) => {
    expect(stalenessOf(expectation, found)).toBe(staleness);
  });
});

const many = (length: number, detail: string) =>
  Array.from({ length }, (_, n) => ({ code: 'check-failed' as const, check: `c${n % 50}`, host: `h${n}`, detail }));

describe('the reasons of a deployment', () => {
  test('are all kept, and cut until 2 MiB can hold them', () => {
    const kept = boundedReasons(many(5000, 'd'.repeat(1000)));
    expect(kept).toHaveLength(5000);
    expect(Buffer.byteLength(JSON.stringify(kept))).toBeLessThan(2 * 1024 * 1024);
    expect(kept[0]?.detail).toMatch(/^d{40,}…$/);
  });

  test('stay as they are where they are few', () => {
    const few = many(20, 'd'.repeat(1000));
    expect(boundedReasons(few)).toEqual(few);
    expect(boundedReasons([])).toEqual([]);
  });
});
