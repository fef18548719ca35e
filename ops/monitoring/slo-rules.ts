import type { Alert, Recording, RuleGroup } from './alert.ts';
import { availability, type BurnRate, latency, latencyObjectives, type Slo } from './slos.ts';

const requests = 'http_server_request_duration_seconds';
const asked = 'job="plimsoll", route!~"/livez|/readyz"';

/**
 * Each objective has two series of 5 min, requests and failures a second, of which every window is an average: a window
 * of 3 d over the histogram itself would read all of it at each evaluation.
 */
export const sloRules: readonly RuleGroup[] = [
  {
    name: 'availability',
    rules: [
      { record: 'slo:availability_requests:rate5m', expr: `sum(rate(${requests}_count{${asked}}[5m]))` },
      {
        record: 'slo:availability_failures:rate5m',
        expr: `sum(rate(${requests}_count{${asked}, status_code=~"5.."}[5m]))\n  or 0 * slo:availability_requests:rate5m`,
      },
      ...ratios(availability),
      ...alerts(availability, {
        summary: 'Requests fail',
        said: '{{ $value | humanizePercentage }} of the requests were answered by 5xx',
      }),
    ],
  },
  {
    name: 'latency',
    rules: [
      ...latencyObjectives.flatMap(({ kind, selector, withinSeconds }): Recording[] => {
        const all = `job="plimsoll", ${selector}`;
        return [
          {
            record: 'slo:latency_requests:rate5m',
            labels: { kind },
            expr: `sum(rate(${requests}_count{${all}}[5m]))`,
          },
          {
            record: 'slo:latency_failures:rate5m',
            labels: { kind },
            expr: `sum(rate(${requests}_count{${all}}[5m]))\n  - sum(rate(${requests}_bucket{${all}, le="${withinSeconds}"}[5m]))`,
          },
        ];
      }),
      ...ratios(latency),
      ...alerts(latency, {
        summary: 'Requests of the kind {{ $labels.kind }} are slow',
        said: '{{ $value | humanizePercentage }} of the {{ $labels.kind }} requests took longer than their objective',
      }),
    ],
  },
];

function ratios(slo: Slo): Recording[] {
  const over = (what: string, window: string) => {
    const series = `slo:${slo.name}_${what}:rate5m`;
    return window === '5m' ? series : `avg_over_time(${series}[${window}])`;
  };
  const windows = new Set(slo.burnRates.flatMap(({ long, short }) => [short, long]));
  return [...windows].map((window) => ({
    record: ratioOf(slo, window),
    // Where nobody asked anything there is no ratio, and no alert.
    expr: `${over('failures', window)}\n  / (${over('requests', window)} > 0)`,
  }));
}

function ratioOf({ name }: Slo, window: string): string {
  return `slo:${name}_failures:ratio_rate${window}`;
}

interface Words {
  readonly summary: string;
  readonly said: string;
}

function alerts(slo: Slo, { summary, said }: Words): Alert[] {
  const allowed = `${Number((shareOf(slo) * 100).toFixed(4))} %`;
  return slo.burnRates.map((burn) => ({
    name: slo.alert + burn.name,
    severity: burn.severity,
    for: burn.for,
    expr: burning(slo, burn),
    summary: `${summary}: the budget of ${slo.window} is spent in ${lasts(slo, burn)}`,
    description: `${said} in the last ${burn.long}, and it goes on; ${allowed} may in ${slo.window}.`,
  }));
}

function burning(slo: Slo, { rate, long, short }: BurnRate): string {
  const threshold = `${rate} * ${shareOf(slo)}`;
  return [
    `${ratioOf(slo, long)} > ${threshold}`,
    `and ${ratioOf(slo, short)} > ${threshold}`,
    `and avg_over_time(slo:${slo.name}_failures:rate5m[${long}]) * ${long} >= ${slo.leastFailures}`,
  ].join('\n');
}

function shareOf({ objective }: Slo): number {
  return Number((1 - objective).toFixed(6));
}

function lasts({ window }: Slo, { rate }: BurnRate): string {
  const days = Number.parseInt(window, 10) / rate;
  return `${Number(days.toFixed(1))} days or less`;
}
