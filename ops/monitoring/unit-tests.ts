import { stringify } from 'yaml';
import type { Alert } from './alert.ts';
import { runbookOf } from './rule-files.ts';
import { alerts, ruleFiles } from './rules.ts';
import { secondsOf } from './shorten.ts';
import { alertTests } from './alert-tests.ts';
import type { AlertTest, Moment, Phase, Values } from './tests/alert-test.ts';

interface Times {
  readonly step: number;
  readonly before: number;
  readonly during: number;
  readonly after: number;
}

/** The text of a file of promtool for every alert, by the alert's name. `rulesFolder` is where promtool sees the rules. */
export function unitTestTexts(rulesFolder: string): Record<string, string> {
  return Object.fromEntries(alerts.map((alert) => [alert.name, textFor(alert, rulesFolder)]));
}

/** The sentences, in the order of the alerts. */
export const sentences = (): string[] => alerts.flatMap((alert) => testsOf(alert).map(({ name }) => name));

function textFor(alert: Alert, rulesFolder: string): string {
  const first = alertTests.find((test) => test.alert === alert.name);
  const [file = ''] =
    Object.entries(ruleFiles).find(([, groups]) => groups.some(({ rules }) => rules.includes(alert))) ?? [];
  return stringify({
    rule_files: [`${rulesFolder}/${file}.yml`],
    evaluation_interval: first?.evaluate ?? first?.step ?? `${usualStep(alert)}s`,
    tests: testsOf(alert),
  });
}

function testsOf(alert: Alert) {
  const own = alertTests.filter((test) => test.alert === alert.name);
  return [...own.flatMap((test) => [...firing(alert, test), ...silence(alert, test)]), ...missing(alert, own[0])];
}

/** That it fires, not before its `for` is over, and not after the fault is. */
function firing(alert: Alert, test: AlertTest) {
  if (test.fires === undefined) return [];
  const times = timesOf(alert, test);
  const { before, during, after, step } = times;
  const held = secondsOf(alert.for) > step;
  const ends = after > 0;
  return [
    {
      name: `${alert.name} fires when ${test.fires}${held ? `, after ${alert.for}` : ''}${ends ? ', and ends soon after' : ''}`,
      interval: `${step}s`,
      input_series: seriesOf(test, times, 'fault'),
      alert_rule_test: [
        ...(held ? [expected(alert, before + step, [])] : []),
        expected(alert, before + during, told(alert, test)),
        ...(ends ? [expected(alert, before + during + after, [])] : []),
      ],
    },
  ];
}

function silence(alert: Alert, test: AlertTest) {
  if (test.silent === undefined) return [];
  const times = timesOf(alert, test);
  return [
    {
      name: `${alert.name} stays silent while ${test.silent}`,
      interval: `${times.step}s`,
      input_series: seriesOf(test, times, 'edge'),
      alert_rule_test: [expected(alert, times.before + times.during, [])],
    },
  ];
}

function missing(alert: Alert, test: AlertTest | undefined) {
  if (!test) return [];
  const seconds = secondsOf(alert.for) + 600;
  return [
    {
      name: `${alert.name} ${test.firesWithout ? 'fires' : 'stays silent'} where its series are missing`,
      interval: '1m',
      input_series: [{ series: 'something_else', values: `1x${Math.ceil(seconds / 60)}` }],
      alert_rule_test: [expected(alert, seconds, test.firesWithout ? told(alert, test) : [])],
    },
  ];
}

function expected({ name }: Alert, seconds: number, atThatTime: object[]) {
  return { eval_time: `${seconds}s`, alertname: name, exp_alerts: atThatTime };
}

function told({ name, severity, labels }: Alert, test: AlertTest): object[] {
  const { summary = '', description = '' } = test;
  return [
    {
      exp_labels: { severity, ...labels, ...test.labels },
      exp_annotations: { summary, description, runbook_url: runbookOf(name) },
    },
  ];
}

/** Long enough for the longest range to be filled by the fault, and for what it told to be forgotten. */
function timesOf(alert: Alert, test: AlertTest): Times {
  const ranges = [...alert.expr.matchAll(/\[(\w+)\]/g)].map(([, range = '']) => secondsOf(range));
  const range = Math.max(0, ...ranges);
  const given = (name: 'step' | 'before' | 'during' | 'after', otherwise: number) =>
    test[name] === undefined ? otherwise : totalOf(test[name]);
  return {
    step: given('step', usualStep(alert)),
    before: given('before', 300),
    during: given('during', range + secondsOf(alert.for) + 60),
    after: given('after', range + 300),
  };
}

/** What lasts long is looked at less often. */
const usualStep = (alert: Alert) => (secondsOf(alert.for) < 600 ? 15 : 60);

/** Of `1h10m` too. */
const totalOf = (text: string) =>
  (text.match(/\d+(?:ms|[smhdw])/g) ?? []).reduce((total, part) => total + secondsOf(part), 0);

function seriesOf(test: AlertTest, { step, before, during, after }: Times, fault: Phase): object[] {
  const moments: Moment[] = [];
  for (let seconds = 0; seconds <= before + during + after; seconds += step) {
    const isOver = seconds < before || seconds > before + during;
    moments.push({ seconds, phase: isOver ? 'healthy' : fault });
  }
  return Object.entries(test.series).map(([series, values]) => ({ series, values: written(values, moments) }));
}

/** As promtool writes samples: what is repeated is counted. */
function written(values: Values, moments: readonly Moment[]): string {
  const runs: Array<{ value: number | null; more: number }> = [];
  for (const value of values(moments)) {
    const last = runs.at(-1);
    if (last && last.value === value) last.more += 1;
    else runs.push({ value, more: 0 });
  }
  return runs.map(({ value, more }) => (value === null ? `_x${more + 1}` : `${value}x${more}`)).join(' ');
}
