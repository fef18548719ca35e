import { assert, constant, constantFrom, infiniteStream, property, record } from 'fast-check';
import { batchesOf } from './host-plan.model.js';
import { after, beginning, effectOf, ROLLOUT_EVENTS, type Rollout, type RolloutEvent } from './rollout.model.js';

const batches = [['a'], ['b', 'c']];

/** The course through these events; `done` where one is not said. */
function course(...events: RolloutEvent[]): Rollout {
  return events.reduce(after, beginning(batches));
}
const done: RolloutEvent = { kind: 'done' };
const upTo = (count: number) => Array.from({ length: count }, () => done);

describe('the course of a rollout', () => {
  it('changes one batch after the other, reports, and lets the gate decide', () => {
    const phases = Array.from({ length: 8 }, (_, n) => effectOf(course(...upTo(n)))).map(
      (effect) => `${effect?.kind} ${effect?.hosts.join(' ')}`,
    );
    expect(phases).toEqual([
      'creating a b c',
      'opening a b c',
      'staging a b c',
      'migrating a',
      'rolling a',
      'rolling b c',
      'reporting a b c',
      'gating a b c',
    ]);
    expect(course(...upTo(7), { kind: 'promote' }, done)).toMatchObject({ phase: 'ended', ending: 'promoted' });
  });

  it('stops at the first bad batch, and brings back what was changed and nothing else', () => {
    const rollout = course(...upTo(5), { kind: 'failed', reason: 'b', places: { b: 'changing', c: 'new' } });
    expect(effectOf(rollout)).toEqual({ kind: 'returning', hosts: ['a', 'b', 'c'] });
    const first = course(...upTo(4), { kind: 'failed', reason: 'a', places: { a: 'changing' } });
    expect(effectOf(first)).toEqual({ kind: 'returning', hosts: ['a'] });
  });

  it('asks the ledger before it goes back on a verdict, and has the way back judged as well', () => {
    const places = { a: 'changing', b: 'changing', c: 'changing' } as const;
    const rollout = course(...upTo(7), { kind: 'rollback', reason: 'check-failed' }, { kind: 'done', places });
    expect(effectOf(rollout)).toEqual({ kind: 'returning', hosts: ['a', 'b', 'c'] });
    const told = [done, done, done, done].reduce(after, rollout);
    expect(told).toMatchObject({ phase: 'ended', ending: 'rolled-back', reason: 'check-failed' });
  });

  it('tells the ledger that no host was changed where none was', () => {
    expect(course(...upTo(2), { kind: 'failed', reason: 'no such image' })).toMatchObject({
      phase: 'telling',
      isTouched: false,
    });
  });

  it.each<[string, RolloutEvent[]]>([
    ['opening', upTo(1)],
    ['staging', upTo(2)],
    ['migrating', upTo(3)],
    ['rolling', upTo(5)],
    ['reporting', upTo(6)],
    ['gating', upTo(7)],
    ['asking-back', [...upTo(7), { kind: 'rollback' }]],
    ['returning', [...upTo(7), { kind: 'rollback' }, done]],
    ['telling', [...upTo(7), { kind: 'rollback' }, done, done]],
  ])('touches nothing more once another deployment has the slot: %s', (phase, events) => {
    const before = course(...events);
    expect(before.phase).toBe(phase);
    expect(after(before, { kind: 'preempted', reason: 'stale fence' })).toMatchObject({
      phase: 'ended',
      ending: 'preempted',
    });
  });

  it('leaves the journals of hosts that could not be brought back', () => {
    const failed: RolloutEvent = { kind: 'failed', reason: 'gone', places: { a: 'changing' } };
    const rollout = course(...upTo(4), failed, { kind: 'failed', reason: 'gone', places: { a: 'lost' } }, done);
    expect(rollout).toMatchObject({ phase: 'ended', ending: 'broken', places: { a: 'lost' } });
  });

  it('ends, whatever happens', () => {
    const anyEvent = record({ kind: constantFrom(...ROLLOUT_EVENTS), reason: constant('why') });
    assert(
      property(infiniteStream(anyEvent), (events) => {
        let rollout = beginning(batches);
        for (const event of events.take(10_000)) {
          if (effectOf(rollout) === null) break;
          rollout = accepted(rollout, event) ?? rollout;
        }
        expect(rollout.phase).toBe('ended');
        expect(rollout.ending).not.toBeNull();
      }),
    );
  });
});

function accepted(rollout: Rollout, event: RolloutEvent): Rollout | null {
  try {
    return after(rollout, event);
  } catch {
    return null;
  }
}

describe('batches', () => {
  it.each([
    ['1', [1, 1, 1, 1, 1]],
    ['2', [2, 2, 1]],
    ['25%', [1, 1, 1, 1, 1]],
    ['50%', [2, 2, 1]],
    ['100%', [5]],
    ['9', [5]],
  ])('of %s of five hosts are of %j', (batch, sizes) => {
    expect(batchesOf(['a', 'b', 'c', 'd', 'e'], batch).map(({ length }) => length)).toEqual(sizes);
  });
});
