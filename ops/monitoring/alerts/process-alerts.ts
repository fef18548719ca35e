import type { RuleGroup } from '../alert.ts';

/** What a process runs out of, before it has run out. */
export const processAlerts: RuleGroup = {
  name: 'processes',
  rules: [
    {
      name: 'EventLoopSaturated',
      severity: 'ticket',
      for: '10m',
      expr: 'nodejs_eventloop_utilization{job="plimsoll"} > 0.9',
      summary: 'The event loop of {{ $labels.instance }} has no time left',
      description:
        'It is busy {{ $value | humanizePercentage }} of the time; what comes on top waits. More instances help, a CPU profile says what takes the time.',
    },
    {
      name: 'EventLoopLagHigh',
      severity: 'ticket',
      for: '5m',
      expr: 'nodejs_eventloop_lag_p99_seconds{job="plimsoll"} > 0.2',
      summary: 'The event loop of {{ $labels.instance }} stalls',
      description:
        'One turn in a hundred is {{ $value | humanizeDuration }} late, and with it every request and every measurement of a gate.',
    },
    {
      name: 'HeapNearLimit',
      severity: 'ticket',
      for: '5m',
      expr: 'nodejs_heap_size_used_bytes{job="plimsoll"}\n  / nodejs_heap_size_limit_bytes{job="plimsoll"} > 0.85',
      summary: 'The heap of {{ $labels.instance }} is nearly full',
      description:
        '{{ $value | humanizePercentage }} of the heap limit is in use. At the limit the process dies and starts anew.',
    },
    {
      name: 'MemoryNearLimit',
      severity: 'ticket',
      for: '5m',
      expr: 'cgroup_memory_bytes{job="plimsoll"}\n  / cgroup_memory_limit_bytes{job="plimsoll"} > 0.9',
      summary: 'The container of {{ $labels.instance }} has nearly no memory left',
      description:
        '{{ $value | humanizePercentage }} of its memory limit is in use, files that could be forgotten not counted. At the limit the kernel kills the process.',
    },
    {
      name: 'FdExhaustion',
      severity: 'ticket',
      for: '5m',
      expr: 'process_open_fds{job="plimsoll"}\n  / process_max_fds{job="plimsoll"} > 0.8',
      summary: '{{ $labels.instance }} has nearly no file descriptors left',
      description:
        '{{ $value | humanizePercentage }} of them are open. Without any left it takes no connection and makes none.',
    },
    {
      name: 'UnhandledErrors',
      severity: 'ticket',
      for: '30s',
      expr: 'sum by (job, instance, kind) (increase(unhandled_errors_total{job="plimsoll"}[10m])) > 0',
      summary: '{{ $labels.instance }} met errors that nobody expected ({{ $labels.kind }})',
      description:
        'About {{ $value | printf "%.0f" }} in the last 10 minutes. Each is in the log at ERROR and in the error tracker, with its request id.',
    },
    {
      name: 'DebugLoggingLeftOn',
      severity: 'info',
      for: '1h',
      expr: 'sum by (job, instance) (rate(log_messages_total{job="plimsoll", level=~"debug|trace"}[10m])) > 0\nor sum by (job, instance) (app_log_level_override{job="plimsoll"}) > 0',
      summary: '{{ $labels.instance }} logs more than it should for an hour',
      description:
        'Debug lines a second, or contexts with a level of their own: {{ $value | humanize }}. It costs time and storage. GET /loggers says which.',
    },
    {
      name: 'CardinalityHigh',
      severity: 'ticket',
      for: '15m',
      expr: 'scrape_samples_post_metric_relabeling{job="plimsoll"} > 8000',
      summary: '{{ $labels.instance }} has too many series',
      description:
        'One scrape has {{ $value }} series; 10,000 are the most that an instance may have. Some label takes values from outside.',
    },
  ],
};
