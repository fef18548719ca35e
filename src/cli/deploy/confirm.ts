import { createInterface } from 'node:readline/promises';
import { CommandFailure } from '../command-failure.js';
import type { Context } from '../context.js';

/** What was shown is confirmed by a person on a terminal, or by `--yes`. */
export async function confirm(context: Context, question: string, yes: boolean | undefined): Promise<void> {
  if (yes) return;
  if (!context.output.isLive || process.stdin.isTTY !== true) {
    throw new CommandFailure('usage', 'Nobody is here to confirm this.', {
      mend: 'Look at plimsoll plan, and give --yes.',
    });
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const interrupted = new AbortController();
  // Readline takes Ctrl-C for itself, and says so.
  terminal.on('SIGINT', () => interrupted.abort());
  try {
    const signal = AbortSignal.any([context.signal, interrupted.signal]);
    const answer = await terminal.question(`${question} [y/N] `, { signal });
    if (/^(y|yes)$/i.test(answer.trim())) return;
  } catch (cause) {
    throw new CommandFailure('interrupted', 'Interrupted. Nothing was changed.', { cause });
  } finally {
    terminal.close();
  }
  throw new CommandFailure('interrupted', 'Not confirmed. Nothing was changed.');
}
