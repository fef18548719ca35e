import type { Context } from '../context.js';
import type { Finding } from '../doctor/finding.js';
import { findings } from '../doctor/findings.js';
import type { Ending } from '../exit-codes.js';
import { dim, green, red, yellow } from '../output/text.js';

const signs: Readonly<Record<Finding['state'], string>> = { well: green('✓'), doubtful: yellow('!'), wrong: red('✗') };

/** `plimsoll doctor [environment]`: each thing that a deployment needs, and what to do about what is wrong. */
export async function doctor(context: Context, _options: object, environment?: string): Promise<Ending> {
  let isWell = true;
  for await (const finding of findings(context, environment)) {
    isWell &&= finding.state !== 'wrong';
    context.output.tell({ type: 'finding', ...finding }, ({ state, what, detail, mend }) => [
      `${signs[state]} ${what}: ${detail}`,
      ...(mend === null ? [] : [dim(`    → ${mend}`)]),
    ]);
  }
  return isWell ? 'promoted' : 'error';
}
