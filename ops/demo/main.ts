import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { Failure, runMain } from '../scripts/terminal.mjs';
import { CheckoutHost } from './checkout-host.ts';
import { Plimsoll, Refused } from './plimsoll.ts';
import { tell } from './story.ts';

/** `node ops/demo/main.ts --url http://127.0.0.1:3000 --token-file .plimsoll/admin-token` */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { url: { type: 'string' }, 'token-file': { type: 'string' } } });
  const { url = 'http://127.0.0.1:3000', 'token-file': tokenFile = '.plimsoll/admin-token' } = values;
  const plimsoll = new Plimsoll(url, (await readFile(tokenFile, 'utf8')).trim());
  const hosts = [await CheckoutHost.boot('a', { connections: 40 }), await CheckoutHost.boot('b', { connections: 4 })];
  try {
    await tell(plimsoll, hosts);
  } catch (error) {
    throw explained(error, url, tokenFile);
  } finally {
    for (const host of hosts) host.shutDown();
  }
}

function explained(cause: unknown, url: string, tokenFile: string): unknown {
  if (cause instanceof TypeError && cause.message === 'fetch failed') {
    return new Failure(`Plimsoll at ${url} does not answer any more.`, { cause });
  }
  if (!(cause instanceof Refused)) return cause;
  if (cause.status !== 401) return new Failure(cause.message, { cause });
  return new Failure(
    `The token in ${tokenFile} is not one of this database's, which had an admin token before.\n` +
      `  Put that one into the file, or serve without the demonstration: npm start -- --no-demo`,
    { cause },
  );
}

await runMain(main);
