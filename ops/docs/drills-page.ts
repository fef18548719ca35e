import { isDrill } from '../drills/drill.ts';
import { drills } from '../drills/drills.ts';
import { type DrillRecord, readRecords } from '../drills/report.ts';

const head = `# What the drills found

\`npm run drill -- --all\` breaks something in the running stack for each alert, waits for the alert in the stack's own
Alertmanager, mends it with the commands of the runbook, and waits until everything is healthy and the alert is gone. This
page is made from \`drills.json\`, which it writes; [how to drill](README.md#drill).

Times are in seconds, on a machine that had much else to do. *Alert* is from the fault until Alertmanager has the alert,
*healthy* and *resolved* are from the first command of the mitigation. \`for\` and windows of the rules are divided by the
factor, so that a week fits into minutes, but none is shorter than two or three scrapes, which come every 2 s. What a
process, a health check or a threshold in seconds takes is not shortened.

With factor 1, production, add to *alert* what the factor took off: the \`for\` of the rule, and what a scrape and an
evaluation take, 15 s each at most instead of 2 s. Then Alertmanager waits for its \`group_wait\` before it pages.
`;

export async function drillsPage(): Promise<string> {
  const records = await readRecords();
  const drilled = drills.filter(isDrill);
  const rows = drilled.map(({ alert, fault }) => `| ${link(alert)} | ${fault} | ${times(records[alert])} |`);
  const others = drills.flatMap((row) => (isDrill(row) ? [] : [`| ${link(row.alert)} | ${row.because} |`]));
  return `${head}
## Drilled

| alert | what was broken | alert | healthy | resolved | factor | on |
|---|---|---|---|---|---|---|
${rows.join('\n')}

## Not drilled

The commands of these pages are run all the same, on a stack that is well.

| alert | why not |
|---|---|
${others.join('\n')}
`;
}

const link = (alert: string) => `[${alert}](${alert}.md)`;

function times(record: DrillRecord | undefined): string {
  if (record === undefined) return 'never | – | – | – | –';
  const { detect, recover, resolve, factor, on } = record;
  return [detect, recover, resolve, factor, on].join(' | ');
}
