import type { ProblemError } from '../../client/problem-error.js';
import { CommandFailure } from '../command-failure.js';
import type { Ending } from '../exit-codes.js';

interface Row {
  readonly ending: Ending;
  readonly mend: string;
}

/** What a refusal ends the command with, and what whoever called can do. Any other one is an error. */
export const refusals: Readonly<Record<string, Row>> = {
  'not-allowed': { ending: 'notAllowed', mend: 'Use a token with a higher role, or one for this service.' },
  unauthenticated: {
    ending: 'notAllowed',
    mend: 'Give a valid token in PLIMSOLL_TOKEN, or in a file that PLIMSOLL_TOKEN_FILE names.',
  },
  forbidden: { ending: 'notAllowed', mend: 'Use a token with a higher role, or one for this service.' },
  'slot-busy': { ending: 'refused', mend: 'plimsoll lock shows who holds the slot. Try again when it is free.' },
  frozen: { ending: 'refused', mend: 'plimsoll freeze list shows the freezes. Wait, or have an operator override it.' },
  'freeze-unknown': {
    ending: 'refused',
    mend: 'Try again once Plimsoll reaches Unleash, or have an operator override it.',
  },
  outdated: { ending: 'refused', mend: 'Deploy what is newer than what runs.' },
  'stale-base': { ending: 'refused', mend: 'Somebody deployed in between: plimsoll status' },
  'stale-fence': { ending: 'refused', mend: 'Another deployment took over: plimsoll status' },
  'no-known-good': {
    ending: 'refused',
    mend: 'Name a release: plimsoll rollback --to DIGEST. plimsoll history shows them.',
  },
  'never-promoted': {
    ending: 'refused',
    mend: 'Choose one that plimsoll history shows as promoted, or have an operator force it.',
  },
  'too-many-requests': { ending: 'error', mend: 'Try again later.' },
};

export function problemFailure(error: ProblemError): CommandFailure {
  const { code, problem, status } = error;
  const row = refusals[code];
  const places = (problem.errors ?? []).map(({ pointer, detail }) => `${pointer || 'the request'}: ${detail}`);
  const why = [problem.detail, ...(places.length > 0 && !problem.detail.includes(places[0] ?? '') ? places : [])];
  const request = problem.requestId === undefined ? '' : ` (request ${problem.requestId})`;
  return new CommandFailure(row?.ending ?? 'error', `${problem.title}.`, {
    why: why.join('\n  '),
    mend: row?.mend ?? (status >= 500 ? `Look into the log of Plimsoll${request}.` : null),
    cause: error,
  });
}
