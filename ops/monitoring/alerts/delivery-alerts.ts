import type { RuleGroup } from '../alert.ts';

const late = (of: string, histogram: string) =>
  `label_replace(histogram_quantile(0.95, sum by (job, le) (rate(${histogram}_bucket{job="plimsoll"}[5m]))), "of", "${of}", "", "")`;

/** Does it do what it is for? */
export const deliveryAlerts: RuleGroup = {
  name: 'delivery',
  rules: [
    {
      name: 'GateLate',
      severity: 'page',
      for: '1m',
      expr: `(\n  ${late('measurements', 'gate_measurement_lateness_seconds')}\n  or ${late('verdicts', 'gate_verdict_delay_seconds')}\n) > 5`,
      summary: 'The {{ $labels.of }} of gates are late',
      description:
        'A twentieth of the {{ $labels.of }} of the last 5 minutes came {{ $value | humanizeDuration }} late or more. Pipelines wait, and bad releases run longer than they should.',
    },
    {
      name: 'OutboxStuck',
      severity: 'ticket',
      for: '2m',
      expr: 'max by (job) (events_outbox_oldest_seconds{job="plimsoll"}) > 600',
      summary: 'Events are not delivered',
      description:
        'The oldest has waited for {{ $value | humanizeDuration }}. None is lost; they are sent in order when the sink answers. GET /v1/sinks says which sink and why.',
    },
  ],
};
