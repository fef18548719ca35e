import type { CommanderError } from 'commander';
import { ProblemError } from '../../client/problem-error.js';
import { UnreachableError } from '../../client/retrying-fetch.js';
import { CommandFailure } from '../command-failure.js';
import type { Ending } from '../exit-codes.js';
import { FileFaults } from '../plimsoll-file/file-faults.js';
import type { Output } from './output.js';
import { problemFailure } from './problem-failure.js';
import { dim } from './text.js';

/** Says what went wrong, why, and what would mend it. */
export function tellFailure(output: Output, error: unknown): Ending {
  const failure = failureOf(error);
  const { ending, message: what, why, mend } = failure;
  output.tellError({ type: 'error', ending, what, why, mend, ...problemOf(error), ...faultsOf(error) }, (event) => [
    `plimsoll: ${event.what}`,
    ...(event.why === null ? [] : [`  ${event.why}`]),
    ...(event.mend === null ? [] : [dim(`  → ${event.mend}`)]),
  ]);
  return ending;
}

/** People were told by commander itself. */
export function tellUsage(output: Output, { message, code }: CommanderError): Ending {
  const what = code === 'commander.help' ? 'There is no command.' : message.replace(/^error: /, '');
  const event = { type: 'error', ending: 'usage', what, why: null, mend: 'plimsoll help shows the commands' };
  if (output.isJson) output.tellError(event, () => []);
  return 'usage';
}

export function failureOf(error: unknown): CommandFailure {
  if (error instanceof CommandFailure) return error;
  if (error instanceof ProblemError) return problemFailure(error);
  if (error instanceof FileFaults) {
    const mend = `plimsoll.yml is described in docs/reference/plimsoll-yml.md`;
    return new CommandFailure('usage', error.message, { mend });
  }
  if (error instanceof UnreachableError) {
    const mend = 'See that PLIMSOLL_URL is right and that Plimsoll runs there: plimsoll doctor';
    return new CommandFailure('error', 'Plimsoll does not answer.', { why: `${error.message}.`, mend, cause: error });
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new CommandFailure('error', `This is a fault of the command itself: ${text}`, { cause: error });
}

function problemOf(error: unknown): object {
  return error instanceof ProblemError ? { problem: error.problem } : {};
}

function faultsOf(error: unknown): object {
  return error instanceof FileFaults ? { path: error.path, faults: error.faults } : {};
}
