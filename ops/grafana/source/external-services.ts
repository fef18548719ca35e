import type { DashboardSource, PanelSource } from './dashboard-source.ts';
import { perSecond, quantile } from './promql.ts';

const app = 'job="plimsoll"';
const calls = 'http_client_request_duration_seconds';
const notAnswered = `${app}, status_class=~"5xx|error|timeout"`;

const outbound: readonly PanelSource[] = [
  {
    title: 'Calls by peer',
    unit: 'reqps',
    queries: [{ expr: perSecond(`${calls}_count{${app}}`, 'peer'), legend: '{{peer}}' }],
  },
  {
    title: 'Calls that failed',
    description: 'No answer, none in time, or one of 500 and above. Of probes it is what the hosts did.',
    unit: 'percentunit',
    max: 1,
    queries: [
      {
        expr: `(${perSecond(`${calls}_count{${notAnswered}}`, 'peer')} or 0 * ${perSecond(`${calls}_count{${app}}`, 'peer')}) / (${perSecond(`${calls}_count{${app}}`, 'peer')} > 0)`,
        legend: '{{peer}}',
      },
    ],
  },
  {
    title: 'Duration of a call, p99',
    unit: 's',
    queries: [{ expr: quantile(0.99, calls, app, 'peer'), legend: '{{peer}}' }],
  },
  {
    title: 'Calls by class of status',
    unit: 'reqps',
    queries: [{ expr: perSecond(`${calls}_count{${app}}`, 'peer, status_class'), legend: '{{peer}} {{status_class}}' }],
  },
  {
    title: 'Certificates, still valid for',
    description: 'Of what a peer last showed.',
    unit: 's',
    emptyInHealth: 'No peer is called over TLS.',
    queries: [
      { expr: `min by (peer) (tls_certificate_not_after_timestamp_seconds{${app}}) - time()`, legend: '{{peer}}' },
    ],
  },
  {
    title: 'Circuits',
    description: '0 is closed: the peer is called. 1 is open: it is left alone. 0.5: one call tries it.',
    unit: 'none',
    max: 1,
    queries: [{ expr: `max by (peer) (circuit_breaker_state{${app}})`, legend: '{{peer}}' }],
  },
];

const flags: readonly PanelSource[] = [
  {
    title: 'Age of the flags',
    description: 'It rises to the refresh interval and falls. A straight line upwards: Unleash does not answer.',
    unit: 's',
    queries: [{ expr: `time() - (feature_flags_last_success_timestamp_seconds{${app}} > 0)`, legend: '{{instance}}' }],
  },
  {
    title: 'Flags asked for',
    unit: 'ops',
    queries: [
      { expr: perSecond(`feature_flag_evaluations_total{${app}}`, 'flag, result'), legend: '{{flag}} {{result}}' },
    ],
  },
  {
    title: 'Unleash answers',
    unit: 'bool_yes_no',
    queries: [{ expr: 'max(up{job="unleash"})', legend: 'up' }],
  },
];

const sent: readonly PanelSource[] = [
  {
    title: 'Events that wait to be sent',
    description: 'Each once for each sink. It falls back to 0 as long as the sinks answer.',
    unit: 'none',
    queries: [{ expr: `max(events_outbox_pending{${app}})`, legend: 'waiting' }],
  },
  {
    title: 'Oldest event that waits',
    unit: 's',
    queries: [{ expr: `max(events_outbox_oldest_seconds{${app}})`, legend: 'oldest' }],
  },
  {
    title: 'Spans',
    unit: 'cps',
    queries: [{ expr: perSecond(`trace_spans_total{${app}}`, 'outcome'), legend: '{{outcome}}' }],
  },
];

export const externalServices: DashboardSource = {
  uid: 'plimsoll-external',
  title: 'External services',
  description: 'Whom Plimsoll calls, and whether they answer.',
  source: 'prometheus',
  rows: [
    { title: 'Calls', panels: outbound },
    { title: 'Feature flags', panels: flags },
    { title: 'What is sent', panels: sent },
  ],
};
