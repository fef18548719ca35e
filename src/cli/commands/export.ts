import { once } from 'node:events';
import type { Context } from '../context.js';
import type { Ending } from '../exit-codes.js';
import { exportFile, type ExportTarget, textOf } from '../history/export-file.js';
import { LedgerLines } from '../history/ledger-lines.js';

/** `plimsoll export`: the lines are the output, so that `--json` has nothing to change but what is told at the end. */
export async function exportLedger(context: Context, { output }: { output?: string }): Promise<Ending> {
  const ledger = new LedgerLines(await context.client(), context.signal);
  const target = output === undefined ? standardOutput() : await exportFile(output, context.url);
  if (target.place.list > 0) context.note('Going on where the last export ended.');
  let count = 0;
  for await (const part of ledger.from(target.place)) {
    await target.write(part);
    count += part.lines.length;
  }
  await target.close();
  const { deployments, incidents } = ledger.leftOut;
  if (deployments > 0) context.note(`${deployments} deployments are not over, and left out.`);
  if (incidents > 0) context.note(`${incidents} incidents are of what the catalogue has not, and left out.`);
  context.note(`${count} lines written.`);
  return 'promoted';
}

function standardOutput(): ExportTarget {
  return {
    place: { list: 0 },
    write: async ({ lines }) => {
      if (!process.stdout.write(textOf(lines))) await once(process.stdout, 'drain');
    },
    close: async () => undefined,
  };
}
