/**
 * What the Prometheus of a running stack takes to evaluate each group of rules, as a share of the group's interval, and
 * how many series it scrapes from each instance.
 *
 *   node ops/bench/rules.ts [--project plimsoll]
 */
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { prometheusIn } from '../monitoring/live/prometheus-api.ts';
import { machine } from './server.ts';

const { values: options } = parseArgs({ options: { project: { type: 'string', default: 'plimsoll' } } });

interface Group {
  readonly name: string;
  readonly interval: number;
  readonly evaluationTime: number;
}

interface Vector {
  readonly result: ReadonlyArray<{ readonly metric: { readonly instance?: string }; readonly value: [number, string] }>;
}

const prometheus = prometheusIn(`${options.project}_prometheus_1`);
const [rules] = await prometheus.getAll<{ groups: Group[] }>([['rules', {}]]);
const [series] = await prometheus.getAll<Vector>([
  ['query', { query: 'scrape_samples_post_metric_relabeling{job="plimsoll"}' }],
]);
const shares = (rules?.groups ?? [])
  .map(({ name, interval, evaluationTime }) => ({ name, share: (100 * evaluationTime) / interval }))
  .toSorted((one, other) => other.share - one.share);
const all = shares.reduce((sum, { share }) => sum + share, 0);
const [slowest] = shares;
console.log(`${machine()}, load ${loadavg()[0]?.toFixed(1)}`);
console.log(
  `${shares.length} groups: ${all.toFixed(2)} % of the interval together (goal 5), ${slowest?.name} most: ${slowest?.share.toFixed(2)} %`,
);
for (const { metric, value } of series?.result ?? []) console.log(`${metric.instance}: ${value[1]} series (goal 2000)`);
