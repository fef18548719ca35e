import { Failure, runMain, say } from '../../scripts/terminal.mjs';
import { faultsOfSite } from './look.ts';

/** `npm run docs:look`, or of some pages: `npm run docs:look -- /how-to/` */
await runMain(async () => {
  const startedAt = performance.now();
  const faults = await faultsOfSite(process.argv[2]);
  if (faults.length > 0) throw new Failure(faults.join('\n'));
  say(`Nothing is wrong with the site, seen in ${((performance.now() - startedAt) / 1000).toFixed(0)} s.`);
});
