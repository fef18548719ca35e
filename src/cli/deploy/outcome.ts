import { CommandFailure } from '../command-failure.js';
import type { Ending } from '../exit-codes.js';
import type { HostStanding } from '../hosts/deploy-on-hosts.js';
import type { Rollout } from '../hosts/rollout.model.js';
import { refusals } from '../output/problem-failure.js';

/** What was asked for: the same end of a rollout is a success for one, and a failure for another. */
export type Wish = 'deploy' | 'abort' | 'rollback';

export interface Concluded {
  readonly wish: Wish;
  readonly rollout: Rollout;
  /** What the hosts serve now; none where nothing was begun. */
  readonly standings: readonly HostStanding[];
  /** Of Ctrl-C, or of the end of `--timeout`. */
  readonly signal: AbortSignal;
  /** How the command is called again: `plimsoll deploy production`. */
  readonly again: string;
  readonly deploymentId: string | null;
}

/** Null where what was asked for was reached; otherwise what it ends the command with, why, and what to do. */
export function failureOf(concluded: Concluded): CommandFailure | null {
  const { wish, rollout } = concluded;
  if (rollout.ending === 'promoted') return wish === 'abort' ? promotedMeanwhile() : null;
  if (rollout.ending === 'rolled-back' && wish !== 'deploy') return null;
  if (rollout.ending === 'failed' && wish === 'abort') return null;
  const { ending, what, mend } = rowOf(concluded);
  return new CommandFailure(ending, what, { why: whyOf(rollout), mend });
}

interface Row {
  readonly ending: Ending;
  readonly what: string;
  readonly mend: string | null;
}

function rowOf(concluded: Concluded): Row {
  const { again, deploymentId: id } = concluded;
  switch (concluded.rollout.ending) {
    case 'failed':
      return failedRow(concluded);
    case 'rolled-back':
      return {
        ending: 'rolledBack',
        what: 'Rejected. Each host serves the old version again, and it is well.',
        mend: null,
      };
    case 'on-hold':
      return {
        ending: 'onHold',
        what: 'On hold. Each host serves the new version, and a person decides.',
        mend: `Once it is decided: ${again} --resume. Until then: plimsoll verdict --wait --deployment ${id}`,
      };
    case 'preempted':
      return {
        ending: 'refused',
        what: 'Another deployment has taken over. Nothing more is touched.',
        mend: 'plimsoll status',
      };
    case 'interrupted':
      return interruptedRow(concluded);
    case 'untold':
      return {
        ending: 'error',
        what: 'It failed. Each host serves the old version again, and the ledger does not know.',
        mend: `Once Plimsoll answers: ${again} --abort`,
      };
    case 'refused':
      return refusedRow(concluded);
    default:
      return {
        ending: 'notHealthy',
        what: 'Not every host could be brought back to the old version.',
        mend: `Once the host is mended: ${again} --abort, or --resume. plimsoll hosts shows what each of them runs.`,
      };
  }
}

function failedRow({ wish, rollout, standings, signal }: Concluded): Row {
  const stopped = endingOfStop(signal);
  if (stopped !== null) {
    const what = rollout.isTouched ? 'Each host serves the old version again.' : 'No host was changed.';
    return { ending: stopped, what: `${stopText(stopped)} ${what}`, mend: null };
  }
  if (!rollout.isTouched) return { ending: 'error', what: 'It failed. No host was changed.', mend: null };
  if (wish === 'rollback') {
    return { ending: 'notHealthy', what: 'The rollback failed. Each host serves what it served before.', mend: null };
  }
  if (standings.some(({ live }) => live === null)) {
    return { ending: 'notHealthy', what: 'It failed, and there is no old version to go back to.', mend: null };
  }
  return {
    ending: 'rolledBack',
    what: 'It failed. Each host serves the old version again, and it is well.',
    mend: null,
  };
}

function interruptedRow({ rollout, signal, again, deploymentId: id }: Concluded): Row {
  const stopped = endingOfStop(signal);
  // On the way back the hosts are where they should be: only its gate was not waited for.
  const isBack = Object.values(rollout.places).every((place) => place === 'old');
  const where = isBack ? 'Each host serves the old version again.' : 'Each host serves the new version.';
  const follow = `plimsoll verdict --wait --deployment ${id}`;
  const mend = isBack ? follow : `${again} --resume follows it, and goes back if it says so; ${follow} only looks.`;
  const what =
    stopped === null ? `Plimsoll does not answer. ${where}` : `${stopText(stopped)} ${where} The gate goes on.`;
  return { ending: stopped ?? 'error', what, mend };
}

function refusedRow({ rollout, signal, again }: Concluded): Row {
  const stopped = endingOfStop(signal);
  if (stopped !== null) return { ending: stopped, what: `${stopText(stopped)} No host was changed.`, mend: null };
  if (rollout.code === 'held') {
    const mend = `${again} --wait waits for it. If it was cut off, --resume goes on with it, and --abort takes it back.`;
    return { ending: 'refused', what: 'Another deployment is under way on the hosts.', mend };
  }
  if (rollout.code === null)
    return { ending: 'error', what: 'It could not begin. No host was changed.', mend: 'plimsoll doctor' };
  const known = refusals[rollout.code];
  const waits = rollout.code === 'slot-busy' ? ` ${again} --wait waits for it.` : '';
  return {
    ending: known?.ending ?? 'error',
    what: 'Refused. No host was changed.',
    mend: `${known?.mend ?? ''}${waits}` || null,
  };
}

function promotedMeanwhile(): CommandFailure {
  return new CommandFailure('refused', 'It was promoted meanwhile, and stays.', {
    mend: 'plimsoll rollback goes back from it.',
  });
}

/** Of the log of the container that failed, too. */
function whyOf({ reason, ending }: Rollout): string | null {
  if (reason === null || ending === 'interrupted') return null;
  return reason.trimEnd().split('\n').join('\n  ');
}

function endingOfStop(signal: AbortSignal): 'interrupted' | 'timedOut' | null {
  if (!signal.aborted) return null;
  return (signal.reason as Error | undefined)?.name === 'TimeoutError' ? 'timedOut' : 'interrupted';
}

function stopText(ending: 'interrupted' | 'timedOut'): string {
  return ending === 'interrupted' ? 'Interrupted.' : 'The time is up.';
}
