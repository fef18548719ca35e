import { Failure, runMain, say } from '../../scripts/terminal.mjs';
import { faultsOfSite } from './look.ts';

/** `npm run docs:look` */
await runMain(async () => {
  const startedAt = performance.now();
  const faults = await faultsOfSite();
  if (faults.length > 0) throw new Failure(faults.join('\n'));
  say(`Nothing is wrong with the site, seen in ${((performance.now() - startedAt) / 1000).toFixed(0)} s.`);
});
