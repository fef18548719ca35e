import { runMain, say } from '../../scripts/terminal.mjs';
import { staleDashboards, writeDashboards } from './dashboard-files.ts';

/** `npm run dashboards` writes the files that Grafana is given. */
await runMain(async () => {
  const stale = await staleDashboards();
  await writeDashboards();
  say(stale.length === 0 ? 'The dashboards were up to date.' : `Written: ${stale.join(', ')}`);
});
