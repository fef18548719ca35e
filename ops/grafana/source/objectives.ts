import { availability, latency, type Slo } from '../../monitoring/slos.ts';
import type { PanelSource, RowSource } from './dashboard-source.ts';

/** The share of requests that may go wrong. */
const allowed = ({ objective }: Slo) => Number((1 - objective).toFixed(6));
const budgetLeft = (slo: Slo) => {
  const over = (what: string) => `avg_over_time(slo:${slo.name}_${what}:rate5m[${slo.window}])`;
  return `1 - ${over('failures')} / (${over('requests')} > 0) / ${allowed(slo)}`;
};
const burnRates = (slo: Slo, windows: readonly string[], legend: string) =>
  windows.map((window) => ({
    expr: `slo:${slo.name}_failures:ratio_rate${window} / ${allowed(slo)}`,
    legend: `${legend}${window}`,
  }));
const budgetColors = [
  { from: null, color: 'red' },
  { from: 0.1, color: 'orange' },
  { from: 0.5, color: 'green' },
] as const;

const panels: readonly PanelSource[] = [
  {
    title: 'Availability: budget left',
    description: `Of the ${allowed(availability) * 100} % of requests that may fail in ${availability.window}. Below 0 the objective is missed.`,
    kind: 'number',
    unit: 'percentunit',
    width: 6,
    height: 8,
    thresholds: budgetColors,
    queries: [{ expr: budgetLeft(availability), legend: 'left' }],
  },
  {
    title: 'Availability: burn rate',
    description: 'At 1 the budget lasts its whole time. It pages at 14.4 over 1 h, and at 6 over 6 h.',
    unit: 'none',
    width: 6,
    queries: burnRates(availability, ['5m', '1h', '6h', '3d'], ''),
  },
  {
    title: 'Latency: budget left',
    description: `Of the ${allowed(latency) * 100} % of requests that may be slow in ${latency.window}, by kind of request.`,
    kind: 'number',
    unit: 'percentunit',
    width: 6,
    height: 8,
    thresholds: budgetColors,
    queries: [{ expr: budgetLeft(latency), legend: '{{kind}}' }],
  },
  {
    title: 'Latency: burn rate',
    unit: 'none',
    width: 6,
    queries: burnRates(latency, ['5m', '1h', '1d'], '{{kind}} '),
  },
  {
    title: 'Alerts that fire',
    description: 'Each has a page in docs/runbooks, which its link opens.',
    unit: 'none',
    width: 24,
    height: 6,
    queries: [
      {
        expr: 'count by (alertname, severity) (ALERTS{alertstate="firing", alertname!="Watchdog"})',
        legend: '{{severity}} {{alertname}}',
      },
    ],
    emptyInHealth: 'No alert fires.',
  },
];

/** How much of what may go wrong is left, by the rules that ops/monitoring makes of the objectives. */
export const objectives: RowSource = { title: 'Objectives and error budget', panels };
