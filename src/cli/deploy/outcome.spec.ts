import { exitCodes } from '../exit-codes.js';
import type { HostStanding } from '../hosts/deploy-on-hosts.js';
import { beginning, type Ending, type Rollout } from '../hosts/rollout.model.js';
import { failureOf, type Concluded, type Wish } from './outcome.js';

const old: HostStanding = {
  host: 'a',
  unreachable: null,
  live: { deployment: 'd', digest: 'sha256:0' },
  journal: null,
  isChanged: false,
  unreported: [],
  differing: [],
};

function conclusion(ending: Ending, more: Partial<Rollout> = {}, of: Partial<Concluded> = {}) {
  const rollout = { ...beginning([['a']]), phase: 'ended' as const, ending, reason: 'why', ...more };
  const { signal } = new AbortController();
  const again = 'plimsoll deploy production';
  const failure = failureOf({ wish: 'deploy', rollout, standings: [old], signal, again, deploymentId: 'd', ...of });
  return { failure, code: failure === null ? 0 : exitCodes[failure.ending].code };
}

const touched = { isTouched: true };
const late = AbortSignal.abort(new DOMException('late', 'TimeoutError'));

describe('the exit code', () => {
  it.each<[string, number, Ending, Partial<Rollout>, Partial<Concluded>]>([
    ['promoted', 0, 'promoted', {}, {}],
    ['rejected by the gate, and back', 3, 'rolled-back', touched, {}],
    ['failed on a host, and back', 3, 'failed', touched, {}],
    ['failed before any host was changed', 1, 'failed', {}, {}],
    [
      'the first one failed: there is nothing to go back to',
      5,
      'failed',
      touched,
      { standings: [{ ...old, live: null }] },
    ],
    ['a host could not be brought back', 5, 'broken', touched, {}],
    ['on hold', 6, 'on-hold', touched, {}],
    ['taken over', 7, 'preempted', touched, {}],
    ['the slot is busy', 7, 'refused', { code: 'slot-busy' }, {}],
    ['the hosts are', 7, 'refused', { code: 'held' }, {}],
    ['frozen', 7, 'refused', { code: 'frozen' }, {}],
    ['outdated', 7, 'refused', { code: 'outdated' }, {}],
    ['a token that may not', 4, 'refused', { code: 'not-allowed' }, {}],
    ['the ledger does not answer', 1, 'refused', {}, {}],
    ['it stopped answering while its gate went on', 1, 'interrupted', touched, {}],
    ['it could not be told', 1, 'untold', touched, {}],
    ['Ctrl-C before the gate', 130, 'failed', touched, { signal: AbortSignal.abort() }],
    ['Ctrl-C while the gate watches', 130, 'interrupted', touched, { signal: AbortSignal.abort() }],
    ['Ctrl-C while it waits', 130, 'refused', { code: 'slot-busy' }, { signal: AbortSignal.abort() }],
    ['out of time', 124, 'interrupted', touched, { signal: late }],
    ['Ctrl-C, and a host that could not be brought back', 5, 'broken', touched, { signal: AbortSignal.abort() }],
  ])('of a deployment: %s', (_what, code, ending, rollout, of) => {
    expect(conclusion(ending, rollout, of).code).toBe(code);
  });

  it.each<[string, number, Wish, Ending]>([
    ['an abort that brought every host back', 0, 'abort', 'failed'],
    ['an abort of what the gate rejected meanwhile', 0, 'abort', 'rolled-back'],
    ['an abort of what was promoted meanwhile', 7, 'abort', 'promoted'],
    ['a rollback that is well', 0, 'rollback', 'promoted'],
    ['a rollback of what was under way', 0, 'rollback', 'rolled-back'],
    ['a rollback that failed', 5, 'rollback', 'failed'],
  ])('of %s', (_what, code, wish, ending) => {
    expect(conclusion(ending, touched, { wish }).code).toBe(code);
  });

  it('comes with how to go on, wherever somebody has to', () => {
    expect(conclusion('broken', touched).failure?.mend).toContain('plimsoll deploy production --abort, or --resume');
    expect(conclusion('on-hold', touched).failure?.mend).toContain('--resume');
    expect(conclusion('interrupted', touched, { signal: AbortSignal.abort() }).failure?.mend).toContain(
      'plimsoll verdict --wait --deployment d',
    );
    expect(conclusion('refused', { code: 'held' }).failure?.mend).toMatch(/--wait.*--resume.*--abort/);
  });
});
