import { isDrill } from '../drills/drill.ts';
import { drills } from '../drills/drills.ts';
import { type DrillRecord, readRecords } from '../drills/report.ts';
import { routes } from '../monitoring/alertmanager/routes.ts';
import { alerts } from '../monitoring/rules.ts';
import { secondsOf } from '../monitoring/shorten.ts';

const head = `# What the drills found

For each alert, \`npm run drill -- --all\` breaks something in the running stack and waits until the stack's own Alertmanager
has the alert. Then it runs the commands of the runbook, and waits until everything is healthy and the alert has ended. It
writes the results into \`drills.json\`, from which this page is generated. [How to drill](README.md#drill).

Times are in seconds, measured on a busy machine. *Alert* is the time from the fault until Alertmanager has the alert.
*Healthy* and *resolved* are the times from the first command of the mitigation.

*Factor* shortens the drill: the \`for\` and the windows of the rules are divided by it, so that a week takes minutes. None
becomes shorter than two or three scrapes, which are made every 2 s. The factor does not shorten the time that a process, a
health check or a threshold in seconds takes.

Production has factor 1, so its times to *alert* are longer. A rule waits for its whole \`for\`. A scrape and an evaluation
take up to 15 s each instead of 2 s. Then Alertmanager waits for its \`group_wait\` before it pages.
`;

const pageHead = `## From the fault to the page

The same faults with \`--factor 1\`: with the rules, windows and scrapes of production. *Alert* is measured. *Wait* is the
\`group_wait\` of Alertmanager's route. The goal is a page within 120 s. The alerts on an error budget take longer by design:
a fault has to last for 2 or 15 minutes before they page. The other alerts page for what takes the service away.

| alert | alert | wait | page | on |
|---|---|---|---|---|`;

export async function drillsPage(): Promise<string> {
  const records = await readRecords();
  const drilled = drills.filter(isDrill);
  const rows = drilled.map(({ alert, fault }) => `| ${link(alert)} | ${fault} | ${times(records[alert])} |`);
  const others = drills.flatMap((row) => (isDrill(row) ? [] : [`| ${link(row.alert)} | ${row.because} |`]));
  return `${head}
${pageHead}
${drilled.flatMap(({ alert }) => pageRow(alert, records[alert])).join('\n')}

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

const waitSeconds = secondsOf(routes.find(({ receiver }) => receiver === 'page')!.wait);
const isPage = (name: string) => alerts.some((alert) => alert.name === name && alert.severity === 'page');

function pageRow(alert: string, record: DrillRecord | undefined): string[] {
  if (!isPage(alert)) return [];
  if (record?.production === undefined) return [`| ${link(alert)} | never | – | – | – |`];
  const { detect, on } = record.production;
  return [`| ${link(alert)} | ${detect} | ${waitSeconds} | ${Math.round(detect + waitSeconds)} | ${on} |`];
}

const link = (alert: string) => `[${alert}](${alert}.md)`;

function times(record: DrillRecord | undefined): string {
  if (record === undefined) return 'never | – | – | – | –';
  const { detect, recover, resolve, factor, on } = record;
  return [detect, recover, resolve, factor, on].join(' | ');
}
