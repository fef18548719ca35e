import type { Runbook } from '../drills/runbook.ts';
import { runbookSections } from '../drills/runbook.ts';
import { metricsIn } from './promql.ts';

export interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
}

/** One expectation of promtool's unit tests. */
export interface AlertTest {
  readonly alertname: string;
  readonly exp_alerts?: readonly unknown[];
}

/** All that has to fit together, as it is read from the tree. */
export interface Monitoring {
  readonly rules: readonly Rule[];
  readonly tests: readonly AlertTest[];
  readonly runbooks: ReadonlyMap<string, Runbook>;
  /** What the last section of a runbook has to say, by the alerts that are drilled or said not to be. */
  readonly drilled: ReadonlyMap<string, string>;
  /** By file: title of the panel and query. */
  readonly queries: readonly { readonly where: string; readonly expr: string }[];
  /** Every name that docs/reference/metrics.md has, histograms with their suffixes. */
  readonly metrics: ReadonlySet<string>;
  /** The page that leads from symptoms to alerts. */
  readonly map: string;
  /** Texts in which nothing may be left to be done, by file. */
  readonly texts: ReadonlyMap<string, string>;
}

type Finder = (monitoring: Monitoring) => string[];

/** Everything that does not fit, each with the name of what is at fault. */
export function monitoringFaults(monitoring: Monitoring): string[] {
  return finders.flatMap((find) => find(monitoring));
}

const alertsOf = ({ rules }: Monitoring) => [...new Set(rules.flatMap(({ alert }) => alert ?? []))];

const without = (what: string, names: readonly string[], has: (name: string) => boolean) =>
  names.filter((name) => !has(name)).map((name) => `${name}: ${what}`);

const finders: readonly Finder[] = [
  (all) => without('no runbook', alertsOf(all), (alert) => all.runbooks.has(alert)),
  (all) => without('a runbook without alert', [...all.runbooks.keys()], (name) => alertsOf(all).includes(name)),
  (all) => without('no drill, and no sentence why not', alertsOf(all), (alert) => all.drilled.has(alert)),
  (all) => without('a drill without alert', [...all.drilled.keys()], (name) => alertsOf(all).includes(name)),
  (all) => without('no test in which it fires', alertsOf(all), (alert) => isTested(all, alert, true)),
  (all) =>
    without(
      'no test in which it is silent',
      alertsOf(all),
      (alert) => alwaysFires(all, alert) || isTested(all, alert, false),
    ),
  (all) =>
    without('not on the map of docs/runbooks/README.md', alertsOf(all), (alert) => all.map.includes(`(${alert}.md)`)),
  unknownMetrics,
  misshapenRunbooks,
  ({ texts }) => [...texts].flatMap(([file, text]) => leftToDo(file, text)),
];

/** It asks for no metric, as the one that says that alerting works. */
function alwaysFires({ rules }: Monitoring, name: string): boolean {
  return rules.every(({ alert, expr }) => alert !== name || metricsIn(expr).length === 0);
}

function isTested({ tests }: Monitoring, alert: string, fires: boolean): boolean {
  return tests.some(({ alertname, exp_alerts: expected = [] }) => alertname === alert && expected.length > 0 === fires);
}

function unknownMetrics({ rules, queries, metrics }: Monitoring): string[] {
  const recorded = new Set(rules.flatMap(({ record }) => record ?? []));
  const isKnown = (name: string) => metrics.has(name) || recorded.has(name);
  const places = [
    ...rules.map(({ alert, record, expr }) => ({ where: alert ?? record ?? 'a rule', expr })),
    ...queries,
  ];
  return places.flatMap(({ where, expr }) =>
    metricsIn(expr)
      .filter((name) => !isKnown(name))
      .map((name) => `${where}: asks for ${name}, which nothing in docs/reference/metrics.md emits`),
  );
}

function misshapenRunbooks({ runbooks, drilled }: Monitoring): string[] {
  return [...runbooks].flatMap(([alert, { title, sections, text }]) => {
    const there = Object.keys(sections).join(', ');
    const faults = [
      title !== alert && `its title is "${title}"`,
      there !== runbookSections.join(', ') && `its sections are ${there}, not ${runbookSections.join(', ')}`,
      /^```(?!bash$)\w/m.test(text) && 'a block that is not marked bash, so that no drill executes it',
      drilled.has(alert) &&
        sections['Last drilled']?.trim() !== drilled.get(alert) &&
        `"Last drilled" does not say what the report says: "${drilled.get(alert)}"`,
    ];
    return faults.filter((fault) => fault !== false).map((fault) => `${alert}: ${fault}`);
  });
}

function leftToDo(file: string, text: string): string[] {
  return [...text.matchAll(/\b(?:TODO|FIXME|XXX|TBD)\b/g)].map(([word]) => `${file}: ${word}`);
}
