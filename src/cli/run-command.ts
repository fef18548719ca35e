import { CommandFailure } from './command-failure.js';
import { type CommonOptions, Context } from './context.js';
import type { Ending } from './exit-codes.js';
import type { Interruption } from './interruption.js';
import type { Output } from './output/output.js';

// oxlint-disable-next-line typescript/no-explicit-any -- each command knows its own options, which commander has made
export type CommandFunction = (context: Context, options: any, ...args: any[]) => Promise<Ending>;

interface Call {
  readonly output: Output;
  readonly interruption: Interruption;
  readonly options: CommonOptions;
  readonly args: readonly string[];
}

/** Runs a command until it is done, interrupted, or out of time. */
export async function runCommand(
  command: CommandFunction,
  { output, interruption, options, args }: Call,
): Promise<void> {
  const interrupted = interruption.signal;
  const late = options.timeout === undefined ? null : AbortSignal.timeout(options.timeout * 1000);
  const signal = late ? AbortSignal.any([interrupted, late]) : interrupted;
  const context = new Context(output, signal, options, interruption);
  try {
    output.end(await command(context, options, ...args));
  } catch (error) {
    // Whoever can say more of it has done so.
    if (error instanceof CommandFailure || !signal.aborted) throw error;
    throw stopped(interrupted, options.timeout, error);
  }
}

function stopped(interrupted: AbortSignal, timeout: number | undefined, cause: unknown): CommandFailure {
  if (interrupted.aborted) return new CommandFailure('interrupted', 'Interrupted.', { cause });
  return new CommandFailure('timedOut', `It was not done within ${timeout} s.`, { cause });
}
