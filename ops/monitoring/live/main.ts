import { parseArgs } from 'node:util';
import { green, red, runMain, say } from '../../scripts/terminal.mjs';
import { ruleFiles } from '../rules.ts';
import { prometheusIn } from './prometheus-api.ts';
import { RuleFaults } from './rule-faults.ts';

/** `npm run rules:check [-- --project NAME]`: asks the Prometheus of the stack that runs what the rules rest on. */
async function main(): Promise<number> {
  const { values } = parseArgs({ options: { project: { type: 'string' } } });
  const project = values.project ?? process.env['COMPOSE_PROJECT_NAME'] ?? 'plimsoll';
  const rules = Object.values(ruleFiles)
    .flat()
    .flatMap((group) => group.rules);
  const checker = await RuleFaults.of(prometheusIn(`${project}_prometheus_1`), rules);
  const faults = await checker.faultsOf(rules);
  for (const fault of faults) say(`${red('✗')} ${fault}`);
  if (faults.length === 0) say(`${green('✓')} ${rules.length} rules rest on what the stack emits`);
  const failed = faults.length;
  say(`${Math.max(0, rules.length - failed)} passed, ${failed} failed, 0 skipped`);
  return failed === 0 ? 0 : 1;
}

await runMain(main);
