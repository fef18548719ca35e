import type { DashboardSource, PanelSource } from './dashboard-source.ts';
import { objectives } from './objectives.ts';
import { perSecond, quantile } from './promql.ts';

const durations = 'http_server_request_duration_seconds';
const instance = 'job="plimsoll", instance=~"$instance"';
// Probes and long polls say nothing of how fast requests are answered.
const requests = `${instance}, route!~"/livez|/readyz|.*[?]wait"`;
const share = (selector: string, window: string) =>
  `sum(rate(${durations}_count{${selector}}[${window}])) / sum(rate(${durations}_count{${requests}}[${window}]))`;
/** 0, not nothing, where nothing has failed. */
const failedShare = (window: string) => `${share(`${requests}, status_code=~"5.."`, window)} or vector(0)`;

const ratio = [
  { from: null, color: 'green' },
  { from: 0.001, color: 'orange' },
  { from: 0.01, color: 'red' },
] as const;
const each = { width: 4, kind: 'number' } as const;

const atAGlance: readonly PanelSource[] = [
  {
    ...each,
    title: 'Instances ready',
    unit: 'percentunit',
    thresholds: [
      { from: null, color: 'red' },
      { from: 0.5, color: 'orange' },
      { from: 1, color: 'green' },
    ],
    queries: [{ expr: `sum(app_ready{${instance}}) / count(up{${instance}})`, legend: 'ready' }],
  },
  {
    ...each,
    title: 'Requests',
    unit: 'reqps',
    queries: [{ expr: perSecond(`${durations}_count{${requests}}`), legend: 'requests' }],
  },
  {
    ...each,
    title: 'Requests that failed',
    unit: 'percentunit',
    thresholds: ratio,
    queries: [{ expr: failedShare('$__rate_interval'), legend: 'failed' }],
  },
  {
    ...each,
    title: 'Duration, p99',
    unit: 's',
    thresholds: [
      { from: null, color: 'green' },
      { from: 0.5, color: 'orange' },
      { from: 1, color: 'red' },
    ],
    queries: [{ expr: quantile(0.99, durations, requests), legend: 'p99' }],
  },
  {
    ...each,
    title: 'Event loop busy',
    description: 'Of the busiest instance. From 90 % on requests wait for one another.',
    unit: 'percentunit',
    max: 1,
    thresholds: [
      { from: null, color: 'green' },
      { from: 0.7, color: 'orange' },
      { from: 0.9, color: 'red' },
    ],
    queries: [{ expr: `max(nodejs_eventloop_utilization{${instance}})`, legend: 'busiest' }],
  },
  {
    ...each,
    title: 'Open incidents',
    unit: 'none',
    thresholds: [
      { from: null, color: 'green' },
      { from: 1, color: 'orange' },
    ],
    queries: [{ expr: 'max(incidents_open{job="plimsoll"})', legend: 'open' }],
  },
];

const byClass = `label_replace(rate(${durations}_count{${requests}}[$__rate_interval]), "class", "$\{1}xx", "status_code", "(.).*")`;

const red: readonly PanelSource[] = [
  {
    title: 'Requests by class of status',
    kind: 'areas',
    unit: 'reqps',
    queries: [{ expr: `sum by (class) (${byClass})`, legend: '{{class}}' }],
  },
  {
    title: 'Requests that failed',
    description: 'The share of answers of 500 and above. What a client did wrong is no failure of ours.',
    unit: 'percentunit',
    queries: [{ expr: failedShare('$__rate_interval'), legend: 'failed' }],
  },
  {
    title: 'Duration',
    unit: 's',
    queries: [0.5, 0.9, 0.99].map((of) => ({ expr: quantile(of, durations, requests), legend: `p${of * 100}` })),
  },
  {
    title: 'Busiest routes',
    unit: 'reqps',
    width: 12,
    queries: [
      {
        expr: `topk(8, ${perSecond(`${durations}_count{${requests}}`, 'method, route')})`,
        legend: '{{method}} {{route}}',
      },
    ],
  },
  {
    title: 'Slowest routes, p99',
    unit: 's',
    width: 12,
    queries: [
      { expr: `topk(8, ${quantile(0.99, durations, requests, 'method, route')})`, legend: '{{method}} {{route}}' },
    ],
  },
];

const saturation: readonly PanelSource[] = [
  {
    title: 'Requests being answered',
    description: 'It grows when answers take longer than requests take to come.',
    unit: 'none',
    queries: [{ expr: `http_server_active_requests{${instance}}`, legend: '{{instance}}' }],
  },
  {
    title: 'Connections',
    unit: 'none',
    queries: [{ expr: `http_server_connections{${instance}}`, legend: '{{instance}}' }],
  },
  {
    title: 'Bodies and large answers in flight',
    unit: 'bytes',
    queries: [{ expr: `http_server_in_flight_bytes{${instance}}`, legend: '{{instance}}' }],
  },
  {
    title: 'Clients that did not wait',
    description: 'Aborted: gone before the answer. Displaced: closed, because there were too many connections.',
    unit: 'cps',
    queries: [
      { expr: perSecond(`http_server_aborted_requests_total{${instance}}`), legend: 'aborted' },
      { expr: perSecond(`http_server_displaced_connections_total{${instance}}`), legend: 'displaced' },
    ],
  },
  {
    title: 'CPU',
    description: 'Of one core: 100 % is as much as the main thread can have.',
    unit: 'percentunit',
    queries: [{ expr: `rate(process_cpu_seconds_total{${instance}}[$__rate_interval])`, legend: '{{instance}}' }],
  },
  {
    title: 'Open files, of those allowed',
    unit: 'percentunit',
    queries: [{ expr: `process_open_fds{${instance}} / process_max_fds{${instance}}`, legend: '{{instance}}' }],
  },
];

const process: readonly PanelSource[] = [
  {
    title: 'Event loop, busy',
    unit: 'percentunit',
    max: 1,
    queries: [{ expr: `nodejs_eventloop_utilization{${instance}}`, legend: '{{instance}}' }],
  },
  {
    title: 'Event loop, lag',
    description: 'How late a timer fires. Beyond 100 ms every request feels it.',
    unit: 's',
    queries: [
      { expr: `nodejs_eventloop_lag_p99_seconds{${instance}}`, legend: '{{instance}} p99' },
      { expr: `nodejs_eventloop_lag_max_seconds{${instance}}`, legend: '{{instance}} max' },
    ],
  },
  {
    title: 'Garbage collection',
    description: 'The share of the time that it takes.',
    unit: 'percentunit',
    queries: [
      {
        expr: perSecond(`nodejs_gc_duration_seconds_sum{${instance}}`, 'kind, instance'),
        legend: '{{instance}} {{kind}}',
      },
    ],
  },
  {
    title: 'Resident memory',
    unit: 'bytes',
    queries: [{ expr: `process_resident_memory_bytes{${instance}}`, legend: '{{instance}}' }],
  },
  {
    title: 'Heap, of what it may grow to',
    description: 'At 100 % V8 ends the process. A leak is a line that rises from collection to collection.',
    unit: 'percentunit',
    max: 1,
    queries: [
      {
        expr: `nodejs_heap_size_used_bytes{${instance}} / nodejs_heap_size_limit_bytes{${instance}}`,
        legend: '{{instance}}',
      },
    ],
  },
  {
    title: 'Memory outside of the heap',
    unit: 'bytes',
    queries: [{ expr: `nodejs_external_memory_bytes{${instance}}`, legend: '{{instance}}' }],
  },
];

const state: readonly PanelSource[] = [
  {
    title: 'Phase',
    unit: 'none',
    queries: [{ expr: `sum by (phase) (app_phase{${instance}}) > 0`, legend: '{{phase}}' }],
  },
  {
    title: 'What runs',
    description: 'Two lines for long: a deployment that stopped halfway.',
    unit: 'none',
    queries: [{ expr: `count by (version, git_sha) (app_build_info{${instance}})`, legend: '{{version}} {{git_sha}}' }],
  },
  {
    title: 'Settings',
    description: 'Instances by the hash of their settings, without secrets. Two lines for long: they differ.',
    unit: 'none',
    queries: [{ expr: `count by (hash) (app_config_info{${instance}})`, legend: '{{hash}}' }],
  },
  {
    title: 'Log lines by level',
    unit: 'cps',
    queries: [{ expr: perSecond(`log_messages_total{${instance}}`, 'level'), legend: '{{level}}' }],
  },
  {
    title: 'Errors that nobody expected',
    unit: 'cps',
    queries: [{ expr: perSecond(`unhandled_errors_total{${instance}}`, 'kind'), legend: '{{kind}}' }],
  },
  {
    title: 'Start until ready',
    unit: 's',
    queries: [{ expr: `app_startup_duration_seconds{${instance}}`, legend: '{{instance}}' }],
  },
];

export const serviceOverview: DashboardSource = {
  uid: 'plimsoll-overview',
  title: 'Service overview',
  description: 'Is Plimsoll well? From what its users see down to its processes.',
  source: 'prometheus',
  variables: [{ name: 'instance', label: 'Instance', values: { label: 'instance', of: 'app_build_info' } }],
  rows: [
    { title: 'At a glance', panels: atAGlance },
    { title: 'Requests: rate, errors, duration', panels: red },
    objectives,
    { title: 'Saturation', panels: saturation },
    { title: 'Event loop and memory', panels: process },
    { title: 'State', panels: state },
  ],
};
