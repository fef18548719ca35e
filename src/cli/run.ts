import { CommanderError } from 'commander';
import { tellFailure, tellUsage } from './output/tell-failure.js';
import { Output } from './output/output.js';
import { Interruption } from './interruption.js';
import { plimsollProgram } from './program.js';

/** Runs one command line to its end; answers with the exit code. */
export async function run(args: readonly string[]): Promise<number> {
  const interruption = new Interruption();
  interruption.watch();
  const output = new Output({ isJson: isJson(args) });
  const program = plimsollProgram(output, interruption);
  if (args[0] === 'complete') (await import('./completion.js')).addCompletion(program, args[1]);
  try {
    await program.parseAsync(args, { from: 'user' });
    return output.exitCode ?? 0;
  } catch (error) {
    // Help is no error.
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    if (error instanceof CommanderError) return output.end(tellUsage(output, error));
    return output.end(tellFailure(output, error));
  } finally {
    output.close();
  }
}

/** Before the command line is understood: a fault in it is told as asked. */
const isJson = (args: readonly string[]): boolean => args.slice(0, [...args, '--'].indexOf('--')).includes('--json');
