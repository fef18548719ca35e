import { ago, type AlertTest, always, counter, gauge, histogram } from './alert-test.ts';

const app1 = 'job="plimsoll", instance="app-1:9464"';
const app2 = 'job="plimsoll", instance="app-2:9464"';
const job = { job: 'plimsoll' };
const ofApp1 = { ...job, instance: 'app-1:9464' };
const calls = 'http_client_request_duration_seconds_count';

export const dependencyTests: readonly AlertTest[] = [
  {
    alert: 'DbDown',
    fires: 'no instance reaches PostgreSQL',
    silent: 'one instance reaches it',
    series: {
      [`health_check_status{${app1}, check="database"}`]: gauge(1, 0, 0),
      [`health_check_status{${app2}, check="database"}`]: gauge(1, 1, 0),
    },
    labels: job,
    summary: 'No instance reaches PostgreSQL',
    description:
      'The database check is 0 on every instance. All requests but probes fail, gates measure and decide nothing; they go on by themselves when it is back.',
  },
  {
    alert: 'DbPoolExhausted',
    fires: 'somebody waits for a connection at every look',
    silent: 'nobody waits',
    series: { [`db_pool_pending_requests{${app1}}`]: gauge(0, 0, 3) },
    labels: ofApp1,
    summary: 'Requests of app-1:9464 wait for a database connection',
    description:
      'For a minute at least 3 waited at every look. Who waits for 2 s gets 503. PostgreSQL itself may be well: look for slow statements and locks first.',
  },
  {
    alert: 'DbLatencyHigh',
    fires: 'a tenth of the statements take 0.5 to 1 s',
    silent: 'a twenty-fifth of them do',
    series: histogram('db_query_duration_seconds', app1, {
      '0.25': [100, 96, 90],
      '0.5': [100, 96, 90],
      '1': [100, 100, 100],
      '+Inf': [100, 100, 100],
    }),
    labels: job,
    summary: 'Statements take long',
    description:
      'The slowest twentieth of the statements take 750ms or more. By entity, db_query_duration_seconds says which; pg_stat_statements says why.',
  },
  {
    alert: 'RedisDown',
    fires: 'an instance has lost Redis',
    silent: 'every instance has it',
    series: {
      [`redis_connection_state{${app1}}`]: gauge(1, 1, 0),
      [`redis_connection_state{${app2}}`]: always(1),
    },
    labels: ofApp1,
    summary: 'app-1:9464 does not reach Redis',
    description:
      'The state of its connection is 0. Nothing fails: what Redis would have answered is asked of PostgreSQL, which has more to do.',
  },
  {
    alert: 'CacheHitRatioLow',
    fires: 'a cache answers less than half of the look-ups',
    silent: 'it answers half of them',
    series: {
      [`cache_operations_total{${app1}, cache="tokens", op="memory_get", result="hit"}`]: counter(9, 5, 4),
      [`cache_operations_total{${app1}, cache="tokens", op="memory_get", result="miss"}`]: counter(1, 5, 6),
    },
    labels: { ...job, cache: 'tokens' },
    summary: 'The cache tokens seldom knows the answer',
    description:
      'It answers 40% of the look-ups; the others go to PostgreSQL. A new key, a short life, or many that ask for what is not there.',
  },
  {
    alert: 'CacheHitRatioLow',
    silent: 'hardly anybody asks',
    series: {
      [`cache_operations_total{${app1}, cache="tokens", op="memory_get", result="hit"}`]: always(0),
      [`cache_operations_total{${app1}, cache="tokens", op="memory_get", result="miss"}`]: counter(0.5, 0.5, 0.5),
    },
  },
  {
    alert: 'UpstreamErrors',
    fires: 'more than a tenth of the calls to a peer get no answer in time',
    silent: 'a tenth of them fail',
    series: {
      [`${calls}{${app1}, peer="prometheus", status_class="2xx"}`]: counter(10, 9, 8),
      [`${calls}{${app1}, peer="prometheus", status_class="timeout"}`]: counter(0, 1, 2),
    },
    labels: { ...job, peer: 'prometheus' },
    summary: 'Calls to prometheus fail',
    description: '20% of the calls failed in the last 5 minutes: an answer of 5xx, none in time, or no connection.',
  },
  {
    alert: 'UpstreamErrors',
    silent: 'a peer refuses what was asked',
    series: { [`${calls}{${app1}, peer="sinks", status_class="4xx"}`]: counter(1, 1, 1) },
  },
  {
    alert: 'CircuitOpen',
    fires: 'a circuit is never closed',
    silent: 'it is closed at times',
    series: { [`circuit_breaker_state{${app1}, peer="prometheus"}`]: gauge(0, 0, 0.5) },
    labels: { ...ofApp1, peer: 'prometheus' },
    summary: 'app-1:9464 leaves prometheus alone',
    description:
      'For 5 minutes the circuit was never closed (the least it was is 0.5; 0 is closed, 1 is open): every call that was tried failed.',
  },
  {
    alert: 'FlagsStale',
    fires: 'Unleash last answered more than 5 minutes ago',
    silent: 'Unleash last answered 5 minutes ago',
    series: { [`feature_flags_last_success_timestamp_seconds{${app1}}`]: ago(15, 300, 301) },
    labels: ofApp1,
    summary: 'The flags of app-1:9464 are old',
    description:
      'Unleash last answered 5m 1s ago. After 5 minutes nobody knows of the freeze switch, and production answers 409 to new deployments.',
  },
  {
    alert: 'FlagsStale',
    fires: 'Unleash has never answered',
    series: { [`feature_flags_last_success_timestamp_seconds{${app1}}`]: ago(15, 15, 2e9) },
    labels: ofApp1,
    summary: 'The flags of app-1:9464 are old',
    description:
      'Unleash has never answered. After 5 minutes nobody knows of the freeze switch, and production answers 409 to new deployments.',
  },
  {
    alert: 'CertificateExpiring',
    fires: 'a certificate is valid for less than 14 days',
    silent: 'it is valid for 14 days more',
    series: {
      [`tls_certificate_not_after_timestamp_seconds{${app1}, peer="database"}`]: ago(-1e7, -1_209_600, -1_209_540),
    },
    labels: { peer: 'database' },
    summary: 'The certificate of database expires soon',
    description:
      'It is valid for 13d 23h 59m 0s more. What renews it has not done so; once it has expired, nobody connects.',
  },
  {
    alert: 'CertificateExpiring',
    fires: 'a certificate has expired',
    series: {
      'tls_certificate_not_after_timestamp_seconds{instance="host-1:9100", peer="proxy"}': ago(-1e7, -1e7, 60),
    },
    labels: { peer: 'proxy' },
    summary: 'The certificate of proxy expires soon',
    description: 'It has expired. What renews it has not done so; once it has expired, nobody connects.',
  },
];
