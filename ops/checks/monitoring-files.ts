import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import { drills } from '../drills/drills.ts';
import { lastDrilled, readRecords } from '../drills/report.ts';
import { parseRunbook, runbookFolder } from '../drills/runbook.ts';
import { unitTestTexts } from '../monitoring/unit-tests.ts';
import { clone } from '../scripts/clone.mjs';
import { treeFiles } from './command.ts';
import { assertNone } from './fault.ts';
import { type AlertTest, type Monitoring, monitoringFaults, type Rule } from './monitoring.ts';

const metricsPage = 'docs/reference/metrics.md';
/** Pages beside the runbooks. */
const pages = new Set(['README.md', 'drills.md']);

/** Alerts, tests, runbooks, drills, dashboards and metrics fit together. */
export async function monitoringFits(): Promise<void> {
  assertNone('Alerts and what belongs to them', monitoringFaults(await readMonitoring()));
}

export async function readMonitoring(): Promise<Monitoring> {
  const [rules, dashboards, sources, books] = await Promise.all([
    texts('ops/prometheus/rules/*.yml'),
    texts('ops/grafana/dashboards/*.json'),
    texts('ops/monitoring/**/*.ts'),
    texts(`${runbookFolder}/*.md`),
  ]);
  const records = await readRecords();
  const runbooks = [...books].filter(([file]) => !pages.has(basename(file)));
  return {
    rules: [...rules.values()].flatMap(rulesOf),
    tests: Object.values(unitTestTexts('/rules')).flatMap(testsOf),
    runbooks: new Map(runbooks.map(([file, text]) => [basename(file, '.md'), parseRunbook(text)])),
    drilled: new Map(drills.map(({ alert }) => [alert, lastDrilled(alert, records)])),
    queries: [...dashboards].flatMap(([file, text]) => queriesOf(file, JSON.parse(text))),
    metrics: metricsOf(await readFile(join(clone, metricsPage), 'utf8')),
    map: books.get(`${runbookFolder}/README.md`) ?? '',
    texts: new Map([...rules, ...sources, ...dashboards, ...books]),
  };
}

async function texts(pattern: string): Promise<Map<string, string>> {
  const files = await treeFiles(pattern);
  return new Map(
    await Promise.all(files.map(async (file) => [file, await readFile(join(clone, file), 'utf8')] as const)),
  );
}

function rulesOf(text: string): Rule[] {
  const { groups } = parse(text) as { groups: { rules: Rule[] }[] };
  return groups.flatMap(({ rules }) => rules);
}

function testsOf(text: string): AlertTest[] {
  const { tests } = parse(text) as { tests: { alert_rule_test?: AlertTest[] }[] };
  return tests.flatMap(({ alert_rule_test: expected = [] }) => expected);
}

interface Panel {
  readonly title?: string;
  readonly datasource?: { readonly type?: string };
  readonly targets?: readonly { readonly expr?: string; readonly datasource?: { readonly type?: string } }[];
  readonly panels?: readonly Panel[];
}

/** Those for Prometheus; Loki's are not about metrics. */
export function queriesOf(file: string, dashboard: unknown): { where: string; expr: string }[] {
  const inside = (panel: Panel): readonly Panel[] => [panel, ...(panel.panels ?? []).flatMap(inside)];
  return inside(dashboard as Panel).flatMap(({ title = 'a panel', targets = [], datasource }) =>
    targets
      .filter((target) => (target.datasource ?? datasource)?.type !== 'loki')
      .flatMap(({ expr }) => (expr === undefined ? [] : [{ where: `${file}, "${title}"`, expr }])),
  );
}

/** The names of a page's tables, histograms with what they are scraped as. */
export function metricsOf(page: string): Set<string> {
  const rows = [...page.matchAll(/^\| `([\w:]+)` +\| (\w+)/gm)];
  return new Set(
    rows.flatMap(([, name = '', type]) =>
      type === 'histogram' ? ['_bucket', '_sum', '_count'].map((suffix) => name + suffix) : [name],
    ),
  );
}
