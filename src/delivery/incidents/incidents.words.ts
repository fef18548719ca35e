import type { Words } from '../../platform/http/openapi/documented-words.js';

/** Incidents, and what Alertmanager sends. */
export const incidentsWords: Words = {
  fingerprint: ['What makes alerts the same; with `startsAt` it names the incident.', 'b2f1a7c09d3e5f64'],
  startsAt: ['When it began.', '2026-03-02T10:40:00.000Z'],
  endsAt: ['When it ended; null while it fires.', '2026-03-02T11:05:00.000Z'],
  'CreateIncident.endsAt': ['When it ended; null while it fires.', null],
  title: ['What people call it.', 'Checkout fails'],
  labels: [
    'Its labels, as Alertmanager has them.',
    { alertname: 'CheckoutFails', service: 'checkout', environment: 'production' },
  ],
  annotations: ['For people: `summary` becomes the title.', { summary: 'Checkout fails' }],
  deploymentId: ['The deployment that it is attributed to; null for none.', '0198c2a4-7b1e-7c3d-9a5f-2b6d8e0f1a3c'],
  'CreateIncident.deploymentId': [
    'The deployment that caused it; null attributes it by the time at which it starts.',
    null,
  ],
  attribution: ['By what it came to its deployment.', 'window'],
  status: ['Whether it still fires.', 'resolved'],
  'AlertmanagerWebhook.alerts.status': ['Whether it still fires.', 'firing'],
  'PatchIncident.status': ['Ends it now.', 'resolved'],
  reopenedAt: ['When it fired again within 5 min of its end, the last time that it did.', null],
  alerts: [
    'The alerts of this group.',
    [
      {
        status: 'firing',
        labels: { alertname: 'CheckoutFails', service: 'checkout', environment: 'production' },
        startsAt: '2026-03-02T10:40:00.000Z',
        fingerprint: 'b2f1a7c09d3e5f64',
      },
    ],
  ],
  truncatedAlerts: ['How many alerts were left out, because the receiver has `max_alerts`.', 0],
  'AlertmanagerWebhook.version': ['The version of the payload.', '4'],
  'AlertmanagerWebhook.alerts.endsAt': ['When it ended; before 1970 while it fires.', '2026-03-02T11:05:00.000Z'],
  CreateIncident: [
    'An incident that a person reports.',
    { service: 'checkout', environment: 'production', title: 'Checkout fails', startsAt: '2026-03-02T10:40:00.000Z' },
  ],
  PatchIncident: ['What is to be changed of an incident.', { status: 'resolved' }],
  AlertmanagerWebhook: [
    'What Alertmanager sends. Members that are not named here are left out.',
    {
      version: '4',
      alerts: [
        {
          status: 'firing',
          labels: { alertname: 'CheckoutFails', service: 'checkout', environment: 'production' },
          startsAt: '2026-03-02T10:40:00.000Z',
          fingerprint: 'b2f1a7c09d3e5f64',
        },
      ],
    },
  ],
};
