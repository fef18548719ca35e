import { runMain, say } from '../scripts/terminal.mjs';
import { stalePages, writePages } from './pages.ts';

/** `npm run docs` */
await runMain(async () => {
  const stale = await stalePages();
  await writePages();
  say(stale.length === 0 ? 'The pages were up to date.' : `Written: ${stale.join(', ')}`);
});
