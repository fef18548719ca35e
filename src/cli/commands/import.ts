import { access } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { answered, type PlimsollClient, type Schemas } from '../../client/plimsoll-client.js';
import { ProblemError } from '../../client/problem-error.js';
import { CommandFailure } from '../command-failure.js';
import type { Context } from '../context.js';
import type { Ending } from '../exit-codes.js';
import { CatalogLines } from '../history/catalog-lines.js';
import { red } from '../output/text.js';

type Imported = Schemas['Import'];

const ATTEMPTS = 5;
const PAUSE_MS = 5000;

/** `plimsoll import PATH`: what is known already is counted and stays, so that the same file may come again. */
export async function importLines(context: Context, _options: object, path: string): Promise<Ending> {
  if (path !== '-') await assertReadable(path);
  const imported = await insistently(context, path);
  context.output.tell({ type: 'import', ...imported }, ({ created, existing, refused, moreRefused = 0 }) => [
    `${created} created, ${existing} known before, ${refused.length + moreRefused} refused`,
    ...refused.map(({ line, code, detail }) => `${red('✗')} line ${line}: ${detail} (${code})`),
    ...(moreRefused > 0 ? [`  and ${moreRefused} more`] : []),
  ]);
  return imported.refused.length === 0 ? 'promoted' : 'error';
}

async function assertReadable(path: string): Promise<void> {
  await access(path).catch((error: Error) => {
    throw new CommandFailure('usage', `The file ${path} cannot be read.`, { why: error.message, cause: error });
  });
}

/** An import that was interrupted is sent again as a whole. What comes by the standard input can be read only once. */
async function insistently(context: Context, path: string): Promise<Imported> {
  const client = await context.client();
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await send(client, context.signal, path);
    } catch (error) {
      if (attempt === ATTEMPTS || path === '-' || context.signal.aborted || !isPassing(error)) throw error;
      context.note(`${(error as Error).message} Trying again.`);
      await delay(PAUSE_MS, undefined, { signal: context.signal });
    }
  }
}

function isPassing(error: unknown): boolean {
  if (error instanceof ProblemError) return error.status === 503 || error.status === 408;
  return error instanceof TypeError && error.message === 'fetch failed';
}

async function send(client: PlimsollClient, signal: AbortSignal, path: string): Promise<Imported> {
  const catalog = new CatalogLines(client, signal);
  const body = Readable.toWeb(Readable.from(catalog.of(path)));
  // The lines as they are. They can be sent once, and take as long as they take.
  const asTheyAre = {
    body: body as never,
    bodySerializer: (lines: unknown) => lines,
    headers: { 'content-type': 'application/x-ndjson' },
    fetch: (request: Request) => fetch(request),
    duplex: 'half',
  };
  const imported = await answered(client.POST('/v1/imports', { ...asTheyAre, signal }));
  const { created, existing } = catalog;
  const refused = [...catalog.refused, ...imported.refused].sort((one, other) => one.line - other.line);
  return { ...imported, created: imported.created + created, existing: imported.existing + existing, refused };
}
