import { parseArgs } from 'node:util';
import { Failure, runMain, say } from '../../scripts/terminal.mjs';
import { StackLoad } from '../check/stack-load.ts';
import { Stack } from '../check/stack.ts';
import { dashboard } from '../source/dashboard.ts';
import { dashboards } from '../source/dashboards.ts';
import { GrafanaPage } from './grafana-page.ts';

/**
 * `npm run dashboards:look`: opens every dashboard of the running stack's Grafana in a browser, under load, keeps a picture
 * of each, and fails on a panel that reports an error. The stack has to run with the profile `observability`.
 *
 *   npm run dashboards:look -- [--project plimsoll] [--pictures .plimsoll/dashboards]
 */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { project: { type: 'string' }, pictures: { type: 'string' } } });
  const { project = process.env['COMPOSE_PROJECT_NAME'] ?? 'plimsoll', pictures = '.plimsoll/dashboards' } = values;
  const stack = await Stack.connect(project);
  const over = new AbortController();
  const load = new StackLoad(stack, over.signal).run();
  try {
    const grafana = await GrafanaPage.open({ ...(await stack.grafana()), pictures });
    const faults = await Promise.race([look(grafana), load.then(() => [])]).finally(() => grafana.close());
    if (faults.length > 0) throw new Failure(`${faults.join('\n')}\nThe pictures are in ${pictures}.`);
    say(`${Object.keys(dashboards).length} dashboards without an error; the pictures are in ${pictures}.`);
  } finally {
    over.abort();
    await load;
    stack.close();
  }
}

async function look(grafana: GrafanaPage): Promise<string[]> {
  const found: string[] = [];
  for (const source of Object.values(dashboards)) {
    const faults = await grafana.faultsOf(dashboard(source));
    found.push(...faults.map((fault) => `${source.title}: ${fault}`));
    say(`${source.title}: ${faults.length === 0 ? 'no error' : `${faults.length} faults`}`);
  }
  return found;
}

await runMain(main);
