import type { RuleGroup } from '../alert.ts';

const calls = 'http_client_request_duration_seconds_count{job="plimsoll"';

/** What the service needs from others. */
export const dependencyAlerts: RuleGroup = {
  name: 'dependencies',
  rules: [
    {
      name: 'DbDown',
      severity: 'page',
      for: '30s',
      keepFiring: '3m',
      expr: 'max by (job) (health_check_status{job="plimsoll", check="database"}) == 0',
      summary: 'No instance reaches PostgreSQL',
      description:
        'The database check is {{ $value }} on every instance. All requests but probes fail, gates measure and decide nothing; they go on by themselves when it is back.',
    },
    {
      name: 'DbPoolExhausted',
      severity: 'page',
      for: '30s',
      expr: 'min_over_time(db_pool_pending_requests{job="plimsoll"}[1m]) > 0',
      summary: 'Requests of {{ $labels.instance }} wait for a database connection',
      description:
        'For a minute at least {{ $value }} waited at every look. Who waits for 2 s gets 503. PostgreSQL itself may be well: look for slow statements and locks first.',
    },
    {
      name: 'DbLatencyHigh',
      severity: 'ticket',
      for: '10m',
      expr: 'histogram_quantile(0.95,\n  sum by (job, le) (rate(db_query_duration_seconds_bucket{job="plimsoll"}[5m]))\n) > 0.25',
      summary: 'Statements take long',
      description:
        'The slowest twentieth of the statements take {{ $value | humanizeDuration }} or more. By entity, db_query_duration_seconds says which; pg_stat_statements says why.',
    },
    {
      name: 'RedisDown',
      severity: 'ticket',
      for: '2m',
      expr: 'redis_connection_state{job="plimsoll"} == 0',
      summary: '{{ $labels.instance }} does not reach Redis',
      description:
        'The state of its connection is {{ $value }}. Nothing fails: what Redis would have answered is asked of PostgreSQL, which has more to do.',
    },
    {
      name: 'CacheHitRatioLow',
      severity: 'info',
      for: '30m',
      expr: [
        'sum by (job, cache) (rate(cache_operations_total{job="plimsoll", result="hit"}[30m]))',
        '  / (sum by (job, cache) (rate(cache_operations_total{job="plimsoll", op="memory_get"}[30m])) > 1)',
        '< 0.5',
      ].join('\n'),
      summary: 'The cache {{ $labels.cache }} seldom knows the answer',
      description:
        'It answers {{ $value | humanizePercentage }} of the look-ups; the others go to PostgreSQL. A new key, a short life, or many that ask for what is not there.',
    },
    {
      name: 'UpstreamErrors',
      severity: 'ticket',
      for: '5m',
      expr: [
        `sum by (job, peer) (rate(${calls}, status_class=~"5xx|error|timeout"}[5m]))`,
        `  / (sum by (job, peer) (rate(${calls}}[5m])) > 0)`,
        '> 0.1',
      ].join('\n'),
      summary: 'Calls to {{ $labels.peer }} fail',
      description:
        '{{ $value | humanizePercentage }} of the calls failed in the last 5 minutes: an answer of 5xx, none in time, or no connection.',
    },
    {
      name: 'CircuitOpen',
      severity: 'ticket',
      for: '1m',
      expr: 'min_over_time(circuit_breaker_state{job="plimsoll"}[5m]) > 0',
      summary: '{{ $labels.instance }} leaves {{ $labels.peer }} alone',
      description:
        'For 5 minutes the circuit was never closed (the least it was is {{ $value }}; 0 is closed, 1 is open): every call that was tried failed.',
    },
    {
      name: 'FlagsStale',
      severity: 'ticket',
      for: '1m',
      expr: 'time() - feature_flags_last_success_timestamp_seconds{job="plimsoll"} > 300',
      summary: 'The flags of {{ $labels.instance }} are old',
      description:
        'Unleash {{ if gt $value 1e9 }}has never answered{{ else }}last answered {{ $value | humanizeDuration }} ago{{ end }}. After 5 minutes nobody knows of the freeze switch, and production answers 409 to new deployments.',
    },
    {
      name: 'CertificateExpiring',
      severity: 'ticket',
      for: '1m',
      expr: 'min by (peer) (tls_certificate_not_after_timestamp_seconds) - time() < 14d',
      summary: 'The certificate of {{ $labels.peer }} expires soon',
      description:
        '{{ if gt $value 0.0 }}It is valid for {{ $value | humanizeDuration }} more{{ else }}It has expired{{ end }}. What renews it has not done so; once it has expired, nobody connects.',
    },
  ],
};
