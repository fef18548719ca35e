import { TemporaryDatabases } from '../checks/temporary-database.ts';
import { ensureBuilt } from '../scripts/build.mjs';
import { listenForInterruption } from '../scripts/interruption.mjs';
import { runMain, say } from '../scripts/terminal.mjs';
import { staleClientFiles, writeClientFiles } from './client-files.ts';
import { servedDocument } from './served-document.ts';

/** `npm run client` */
await runMain(async () => {
  const { signal } = listenForInterruption();
  await ensureBuilt(signal);
  await using databases = await TemporaryDatabases.start(signal);
  const document = await servedDocument(await databases.create(), signal);
  const stale = await staleClientFiles(document);
  await writeClientFiles(document);
  say(stale.length === 0 ? 'The client was up to date.' : `Written: ${stale.join(', ')}`);
});
