import { DependencyState } from './dependency-state.js';

const noon = Date.parse('2026-01-31T12:00:00Z');

/** Samples five seconds apart: `u` is up, `d` is down. */
function stateAfter(samples: string): DependencyState {
  const state = new DependencyState({ name: 'database', required: true, check: async () => undefined });
  for (const [index, sample] of [...samples].entries()) {
    const isUp = sample === 'u';
    state.record({ isUp, latencyMs: 3, code: isUp ? null : 'ECONNREFUSED', at: new Date(noon + index * 5000) });
  }
  return state;
}

describe('the state of a dependency', () => {
  test.each([
    ['', 'unknown', false],
    ['u', 'up', false],
    ['d', 'unknown', true],
    ['du', 'up', false],
    ['dd', 'down', false],
    ['ud', 'up', true],
    ['udu', 'up', false],
    ['udud', 'up', true],
    ['udd', 'down', false],
    ['uddu', 'down', true],
    ['udduu', 'up', false],
    ['ddu', 'down', true],
  ])('after the samples "%s" it is %s, unconfirmed: %s', (samples, status, isUnconfirmed) => {
    const state = stateAfter(samples);

    expect(state.status).toBe(status);
    expect(state.isUnconfirmed).toBe(isUnconfirmed);
  });

  test('remembers since when it is what it is', () => {
    expect(stateAfter('uudddd').since).toEqual(new Date(noon + 3 * 5000));
  });

  test('keeps the last sample, also one that is not confirmed', () => {
    expect(stateAfter('uud').last).toMatchObject({ isUp: false, code: 'ECONNREFUSED' });
  });
});
