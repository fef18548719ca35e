import { type Answer, type TestApplication } from './application.js';
import { unique } from './fixtures.js';

/** Go's zero time: what Alertmanager sends as the end of an alert that fires. */
export const NOT_ENDED = '0001-01-01T00:00:00Z';

export interface AlertFixture {
  readonly status: 'firing' | 'resolved';
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly generatorURL: string;
  readonly fingerprint: string;
}

/** One alert as Alertmanager 0.28 writes it; firing unless it is given an end. */
export function anAlert(overrides: Partial<AlertFixture> = {}): AlertFixture {
  const { endsAt = NOT_ENDED } = overrides;
  return {
    status: endsAt === NOT_ENDED ? 'firing' : 'resolved',
    labels: { alertname: 'HighErrorRatio', severity: 'page' },
    annotations: { summary: 'Too many requests fail', runbook_url: 'https://runbooks.example.com/HighErrorRatio' },
    startsAt: '2026-01-05T10:00:00.123456789Z',
    endsAt,
    generatorURL: 'http://prometheus.example.com:9090/graph?g0.expr=up+%3D%3D+0&g0.tab=1',
    fingerprint: unique('c4ad0e2b7b5e3f1'),
    ...overrides,
  };
}

/** The payload of a webhook of version 4, its members in Alertmanager's order. */
export function aWebhook(alerts: readonly AlertFixture[], overrides: object = {}): object {
  return {
    receiver: 'plimsoll',
    status: alerts.some(({ status }) => status === 'firing') ? 'firing' : 'resolved',
    alerts,
    groupLabels: { alertname: 'HighErrorRatio' },
    commonLabels: { alertname: 'HighErrorRatio', severity: 'page' },
    commonAnnotations: {},
    externalURL: 'http://alertmanager.example.com:9093',
    version: '4',
    groupKey: '{}:{alertname="HighErrorRatio"}',
    truncatedAlerts: 0,
    ...overrides,
  };
}

/** Sends it as a reporter, unless another token is given. */
export function sendAlerts(
  app: TestApplication,
  alerts: readonly AlertFixture[],
  { token = app.tokens.reporter, ...overrides }: { token?: string | null; [member: string]: unknown } = {},
): Promise<Answer> {
  return app.request('POST', '/v1/webhooks/alertmanager', { token, body: aWebhook(alerts, overrides) });
}
