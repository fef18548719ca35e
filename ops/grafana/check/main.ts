import { parseArgs } from 'node:util';
import { setTimeout as delay } from 'node:timers/promises';
import { Failure, runMain, say } from '../../scripts/terminal.mjs';
import { panelReport, type PanelReport, type QueryAnswer } from './panel-report.ts';
import { panels, rangePath } from './queries.ts';
import { StackLoad } from './stack-load.ts';
import { Stack } from './stack.ts';

const ASK_AGAIN_AFTER_MS = 4000;

/**
 * `npm run dashboards:check`: puts the running stack under load and prints what every panel shows of it, until none has
 * a fault or the time is up. Read it: it cannot tell a wrong unit.
 *
 *   npm run dashboards:check -- [--project plimsoll] [--within 90]
 */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { project: { type: 'string' }, within: { type: 'string' } } });
  const { project = process.env['COMPOSE_PROJECT_NAME'] ?? 'plimsoll', within = '90' } = values;
  const stack = await Stack.connect(project);
  const over = new AbortController();
  const load = new StackLoad(stack, over.signal).run();
  try {
    const found = await Promise.race([reports(stack, Number(within)), load.then(() => [])]);
    for (const { lines } of found) say(lines.join('\n'));
    const faults = found.flatMap((report) => report.faults);
    if (faults.length > 0) throw new Failure(`${faults.length} faults:\n  ${faults.join('\n  ')}`);
    say(`${found.length} panels, each without a fault.`);
  } finally {
    over.abort();
    await load;
    stack.close();
  }
}

async function reports(stack: Stack, withinSeconds: number): Promise<PanelReport[]> {
  const giveUpAt = Date.now() + withinSeconds * 1000;
  for (;;) {
    const found = await look(stack);
    if (found.every(({ faults }) => faults.length === 0) || Date.now() > giveUpAt) return found;
    await delay(ASK_AGAIN_AFTER_MS);
  }
}

async function look(stack: Stack): Promise<PanelReport[]> {
  const asked = panels.filter(({ dashboard }) => dashboard.source === 'prometheus');
  const now = Math.floor(Date.now() / 1000);
  const paths = asked.flatMap(({ panel }) => panel.queries.map((query) => rangePath(query, now)));
  const answers = (await stack.prometheus(paths)) as QueryAnswer[];
  return asked.map((shown) => panelReport(shown, answers.splice(0, shown.panel.queries.length)));
}

await runMain(main);
