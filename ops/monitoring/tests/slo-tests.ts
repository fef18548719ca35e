import { type AlertTest, counter, histogram } from './alert-test.ts';

const asked = 'job="plimsoll", instance="app-1:9464", method="POST", route="/v1/deployments"';
const count = 'http_server_request_duration_seconds_count';

/** 100 requests a second, of which so many fail. */
const failing = (edge: number, fault: number) => ({
  [`${count}{${asked}, status_code="201"}`]: counter(100, 100 - edge, 100 - fault),
  [`${count}{${asked}, status_code="500"}`]: counter(0, edge, fault),
});

/** The same, of which so many are slow. */
const slow = (edge: number, fault: number) => ({
  [`${count}{${asked}, status_code="201"}`]: counter(100, 100, 100),
  ...histogram('http_server_request_duration_seconds', `${asked}, status_code="201"`, {
    '0.5': [100, 100 - edge, 100 - fault],
    '+Inf': [100, 100, 100],
  }),
});

const ofWrites = { labels: { kind: 'write' } };

export const sloTests: readonly AlertTest[] = [
  {
    alert: 'ErrorBudgetBurnFast',
    fires: '1.5 % of the requests fail for an hour',
    silent: '1.4 % of them do',
    series: failing(1.4, 1.5),
    step: '1m',
    during: '1h10m',
    after: '15m',
    summary: 'Requests fail: the budget of 30d is spent in 2.1 days or less',
    description: '1.5% of the requests were answered by 5xx in the last 1h, and it goes on; 0.1 % may in 30d.',
  },
  {
    alert: 'ErrorBudgetBurnFast',
    silent: 'hardly any request failed, of hardly any',
    series: {
      [`${count}{${asked}, status_code="201"}`]: counter(0.001, 0.001, 0.001),
      [`${count}{${asked}, status_code="500"}`]: counter(0, 0.001, 0.001),
    },
    step: '1m',
    during: '1h10m',
  },
  {
    alert: 'ErrorBudgetBurnFast',
    silent: 'only probes are refused',
    series: { [`${count}{${asked.replace('/v1/deployments', '/readyz')}, status_code="503"}`]: counter(1, 9, 9) },
    step: '1m',
    during: '1h10m',
  },
  {
    alert: 'ErrorBudgetBurnMedium',
    fires: '0.65 % of the requests fail for six hours',
    silent: '0.55 % of them do',
    series: failing(0.55, 0.65),
    step: '1m',
    evaluate: '5m',
    during: '6h30m',
    after: '45m',
    summary: 'Requests fail: the budget of 30d is spent in 5 days or less',
    description: '0.65% of the requests were answered by 5xx in the last 6h, and it goes on; 0.1 % may in 30d.',
  },
  {
    alert: 'ErrorBudgetBurnSlow',
    fires: '0.32 % of the requests fail for a day',
    silent: '0.28 % of them do',
    series: failing(0.28, 0.32),
    step: '1m',
    evaluate: '10m',
    during: '26h',
    after: '3h',
    summary: 'Requests fail: the budget of 30d is spent in 10 days or less',
    description: '0.32% of the requests were answered by 5xx in the last 1d, and it goes on; 0.1 % may in 30d.',
  },
  {
    alert: 'ErrorBudgetBurnCreeping',
    fires: '0.11 % of the requests fail for three days',
    silent: '0.09 % of them do',
    series: failing(0.09, 0.11),
    step: '1m',
    evaluate: '10m',
    during: '76h',
    after: '7h',
    summary: 'Requests fail: the budget of 30d is spent in 30 days or less',
    description: '0.11% of the requests were answered by 5xx in the last 3d, and it goes on; 0.1 % may in 30d.',
  },
  {
    alert: 'LatencyBudgetBurn',
    fires: '15 % of the writes take longer than half a second for an hour',
    silent: '14 % of them do',
    series: slow(14, 15),
    step: '1m',
    during: '1h10m',
    after: '15m',
    ...ofWrites,
    summary: 'Requests of the kind write are slow: the budget of 30d is spent in 2.1 days or less',
    description:
      '15% of the write requests took longer than their objective in the last 1h, and it goes on; 1 % may in 30d.',
  },
  {
    alert: 'LatencyBudgetBurn',
    silent: 'only streams and long polls take long',
    series: {
      [`${count}{job="plimsoll", method="GET", route="/v1/events", status_code="200"}`]: counter(1, 9, 9),
      [`${count}{job="plimsoll", method="GET", route="/v1/deployments/:id/verdict?wait", status_code="200"}`]: counter(
        1,
        9,
        9,
      ),
      ...histogram(
        'http_server_request_duration_seconds',
        'job="plimsoll", method="GET", route="/v1/events", status_code="200"',
        {
          '0.25': [0, 0, 0],
        },
      ),
    },
    step: '1m',
    during: '1h10m',
  },
  {
    alert: 'LatencyBudgetBurnSlow',
    fires: '3.2 % of the writes take longer than half a second for a day',
    silent: '2.8 % of them do',
    series: slow(2.8, 3.2),
    step: '1m',
    evaluate: '10m',
    during: '26h',
    after: '3h',
    ...ofWrites,
    summary: 'Requests of the kind write are slow: the budget of 30d is spent in 10 days or less',
    description:
      '3.2% of the write requests took longer than their objective in the last 1d, and it goes on; 1 % may in 30d.',
  },
];
