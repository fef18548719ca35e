import { type AlertTest, gauge, histogram } from './alert-test.ts';

const app = 'job="plimsoll", instance="app-1:9464"';

export const deliveryTests: readonly AlertTest[] = [
  {
    alert: 'GateLate',
    fires: 'a tenth of the measurements begin 5 to 15 s late',
    silent: 'a twenty-fifth of them do',
    series: histogram('gate_measurement_lateness_seconds', app, {
      '5': [10, 9.6, 9],
      '15': [10, 10, 10],
      '+Inf': [10, 10, 10],
    }),
    labels: { job: 'plimsoll', of: 'measurements' },
    summary: 'The measurements of gates are late',
    description:
      'A twentieth of the measurements of the last 5 minutes came 10s late or more. Pipelines wait, and bad releases run longer than they should.',
  },
  {
    alert: 'GateLate',
    fires: 'verdicts fall 10 to 30 s after what they rest on',
    silent: 'verdicts fall within 5 s',
    series: histogram('gate_verdict_delay_seconds', app, {
      '5': [1, 1, 0],
      '10': [1, 1, 0],
      '30': [1, 1, 1],
      '+Inf': [1, 1, 1],
    }),
    labels: { job: 'plimsoll', of: 'verdicts' },
    summary: 'The verdicts of gates are late',
    description:
      'A twentieth of the verdicts of the last 5 minutes came 29s late or more. Pipelines wait, and bad releases run longer than they should.',
  },
  {
    alert: 'OutboxStuck',
    fires: 'an event has waited for more than 10 minutes',
    silent: 'an event has waited for 10 minutes',
    series: { [`events_outbox_oldest_seconds{${app}}`]: gauge(0, 600, 661) },
    labels: { job: 'plimsoll' },
    summary: 'Events are not delivered',
    description:
      'The oldest has waited for 11m 1s. None is lost; they are sent in order when the sink answers. GET /v1/sinks says which sink and why.',
  },
];
