import type { Receiver } from './routes.ts';

interface RouteTest {
  readonly alert: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly receivers: readonly Receiver[];
}

const slot = { service: 'plimsoll', environment: 'production' };

/** Whom an alert reaches; every route has one at least. */
export const routeTests: readonly RouteTest[] = [
  {
    alert: 'a page of an environment',
    labels: { alertname: 'DbDown', severity: 'page', ...slot },
    receivers: ['plimsoll', 'page'],
  },
  { alert: 'a page of no environment', labels: { alertname: 'DbDown', severity: 'page' }, receivers: ['page'] },
  { alert: 'a ticket', labels: { alertname: 'RedisDown', severity: 'ticket', ...slot }, receivers: ['ticket'] },
  { alert: 'an info', labels: { alertname: 'CacheHitRatioLow', severity: 'info', ...slot }, receivers: ['nobody'] },
  {
    alert: 'the alert that always fires',
    labels: { alertname: 'Watchdog', severity: 'info', ...slot },
    receivers: ['dead-mans-switch'],
  },
  { alert: 'an alert of somebody else, without a severity', labels: { alertname: 'Other' }, receivers: ['ticket'] },
];
