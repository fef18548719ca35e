import { stringify } from 'yaml';
import { type Alert, isAlert, type Recording, type RuleGroup } from './alert.ts';
import { ruleFiles } from './rules.ts';
import { leastFor, shorten } from './shorten.ts';

const header = '# Made from ops/monitoring by `npm run rules`; a check compares. Change it there.\n';

/** Where the runbooks are read: the one line that a fork changes. */
const runbooks = 'https://github.com/plimsoll/plimsoll/blob/main/docs/runbooks';

export interface Pace {
  /** What `for`, ranges, and the durations that belong to them are divided by. */
  readonly factor: number;
  readonly scrapeSeconds: number;
}

/** As they are committed. */
export const ordinary: Pace = { factor: 1, scrapeSeconds: 15 };

/** In seconds: two attempts of Alertmanager, whose pace stays whatever the rules' is. */
const leastKeepFiring = 60;

export const runbookOf = (alert: string) => `${runbooks}/${alert}.md`;

/** The text of every rule file, by its name. */
export function ruleTexts(pace: Pace = ordinary): Record<string, string> {
  return Object.fromEntries(
    Object.entries(ruleFiles).map(([name, groups]) => [
      `${name}.yml`,
      header + textOf({ groups: groupsOf(groups, pace) }),
    ]),
  );
}

/**
 * The same rules for the operator of Prometheus. Without those of the platform: in a cluster others watch its nodes, its
 * targets and its backups.
 */
export function prometheusRuleText(): string {
  const { platform: _others, ...own } = ruleFiles;
  const groups = Object.values(own).flatMap((file) => groupsOf(file, ordinary));
  return (
    header +
    textOf({
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'PrometheusRule',
      metadata: { name: 'plimsoll' },
      spec: { groups },
    })
  );
}

const groupsOf = (groups: readonly RuleGroup[], pace: Pace) =>
  groups.map(({ name, rules }) => ({ name, rules: rules.map((rule) => ruleOf(rule, pace)) }));

const textOf = (content: object) => stringify(content, { lineWidth: 0, blockQuote: 'literal' });

/** As Prometheus reads it. */
export function ruleOf(rule: Alert | Recording, { factor, scrapeSeconds }: Pace = ordinary): object {
  const least = leastFor(scrapeSeconds);
  const expr = shorten(rule.expr, factor, least.range);
  if (!isAlert(rule)) return { record: rule.record, expr, ...(rule.labels && { labels: rule.labels }) };
  const { name, severity, summary, description, labels } = rule;
  return {
    alert: name,
    expr,
    for: shorten(rule.for, factor, least.for),
    ...(rule.keepFiring !== undefined && { keep_firing_for: shorten(rule.keepFiring, factor, leastKeepFiring) }),
    labels: { severity, ...labels },
    annotations: { summary, description, runbook_url: runbookOf(name) },
  };
}
