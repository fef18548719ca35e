import { type AlertTest, always, counter, gauge } from './alert-test.ts';

const app = 'job="plimsoll", instance="app-1:9464"';
const labels = { job: 'plimsoll', instance: 'app-1:9464' };

export const processTests: readonly AlertTest[] = [
  {
    alert: 'EventLoopSaturated',
    fires: 'the loop is busy more than 90 % of the time',
    silent: 'it is busy 90 % of the time',
    series: { [`nodejs_eventloop_utilization{${app}}`]: gauge(0.1, 0.9, 0.91) },
    labels,
    summary: 'The event loop of app-1:9464 has no time left',
    description:
      'It is busy 91% of the time; what comes on top waits. More instances help, a CPU profile says what takes the time.',
  },
  {
    alert: 'EventLoopLagHigh',
    fires: 'a turn in a hundred is more than 200 ms late',
    silent: 'it is 200 ms late',
    series: { [`nodejs_eventloop_lag_p99_seconds{${app}}`]: gauge(0.01, 0.2, 0.201) },
    labels,
    summary: 'The event loop of app-1:9464 stalls',
    description: 'One turn in a hundred is 201ms late, and with it every request and every measurement of a gate.',
  },
  {
    alert: 'HeapNearLimit',
    fires: 'more than 85 % of the heap are in use',
    silent: '85 % are in use',
    series: {
      [`nodejs_heap_size_used_bytes{${app}}`]: gauge(100, 340, 344),
      [`nodejs_heap_size_limit_bytes{${app}}`]: always(400),
    },
    labels,
    summary: 'The heap of app-1:9464 is nearly full',
    description: '86% of the heap limit is in use. At the limit the process dies and starts anew.',
  },
  {
    alert: 'MemoryNearLimit',
    fires: 'more than 90 % of the memory limit are in use',
    silent: '90 % are in use',
    series: {
      [`cgroup_memory_bytes{${app}}`]: gauge(100, 450, 455),
      [`cgroup_memory_limit_bytes{${app}}`]: always(500),
    },
    labels,
    summary: 'The container of app-1:9464 has nearly no memory left',
    description:
      '91% of its memory limit is in use, files that could be forgotten not counted. At the limit the kernel kills the process.',
  },
  {
    alert: 'MemoryNearLimit',
    silent: 'there is no limit',
    series: { [`cgroup_memory_bytes{${app}}`]: always(1e12) },
  },
  {
    alert: 'FdExhaustion',
    fires: 'more than 80 % of the file descriptors are open',
    silent: '80 % are open',
    series: { [`process_open_fds{${app}}`]: gauge(10, 80, 81), [`process_max_fds{${app}}`]: always(100) },
    labels,
    summary: 'app-1:9464 has nearly no file descriptors left',
    description: '81% of them are open. Without any left it takes no connection and makes none.',
  },
  {
    alert: 'UnhandledErrors',
    fires: 'errors are logged that nobody expected',
    silent: 'there were some before, and none any more',
    series: { [`unhandled_errors_total{${app}, kind="logged"}`]: counter(0, 0, 1 / 60) },
    during: '11m',
    labels: { ...labels, kind: 'logged' },
    summary: 'app-1:9464 met errors that nobody expected (logged)',
    description:
      'About 10 in the last 10 minutes. Each is in the log at ERROR and in the error tracker, with its request id.',
  },
  {
    alert: 'DebugLoggingLeftOn',
    fires: 'debug lines are written for over an hour',
    silent: 'only other levels are written',
    series: {
      [`log_messages_total{${app}, level="debug"}`]: counter(0, 0, 2),
      [`log_messages_total{${app}, level="info"}`]: counter(1, 50, 1),
    },
    labels,
    summary: 'app-1:9464 logs more than it should for an hour',
    description:
      'Debug lines a second, or contexts with a level of their own: 2. It costs time and storage. GET /loggers says which.',
  },
  {
    alert: 'DebugLoggingLeftOn',
    fires: 'a level that was changed is changed again and again',
    silent: 'every context has the level of the configuration',
    series: { [`app_log_level_override{${app}}`]: gauge(0, 0, 1) },
    labels,
    summary: 'app-1:9464 logs more than it should for an hour',
    description:
      'Debug lines a second, or contexts with a level of their own: 1. It costs time and storage. GET /loggers says which.',
  },
  {
    alert: 'CardinalityHigh',
    fires: 'a scrape has more than 8,000 series',
    silent: 'a scrape has 8,000 series',
    series: { [`scrape_samples_post_metric_relabeling{${app}}`]: gauge(900, 8000, 8001) },
    labels,
    summary: 'app-1:9464 has too many series',
    description:
      'One scrape has 8001 series; 10,000 are the most that an instance may have. Some label takes values from outside.',
  },
];
