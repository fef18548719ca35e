import type { Words } from '../../platform/http/openapi/documented-words.js';

/** Environments, services and the hosts of a slot. */
export const catalogWords: Words = {
  service: ['The service, by its slug.', 'checkout'],
  environment: ['The environment, by its slug.', 'production'],
  slug: ['Its name in paths and bodies.', 'checkout'],
  'Environment.slug': ['Its name in paths and bodies.', 'production'],
  tier: ['How much depends on it: gates bake longer in production, and freezes are strict there.', 'production'],
  description: ['What it is, for people.', 'Takes orders and payments.'],
  'PutEnvironment.description': ['What it is, for people.', 'What customers use.'],
  'Environment.description': ['What it is, for people.', 'What customers use.'],
  repository: ['Where its source is.', 'https://git.example.com/checkout'],
  owner: ['Who answers for it.', 'payments'],
  updatedAt: ['When it was last changed.', '2026-03-02T10:00:00.000Z'],
  hosts: ['The hosts of the slot, to which probes are sent.', [{ name: 'a', url: 'http://10.0.0.5:8080' }]],
  'Hosts.hosts.name': ['What the host is called in checks, measurements and reasons.', 'a'],
  'Hosts.hosts.url': ['Where probes are sent; their path is appended.', 'http://10.0.0.5:8080'],
  PutEnvironment: ['What is known of an environment.', { tier: 'production', description: 'What customers use.' }],
  PutService: [
    'What is known of a service.',
    { description: 'Takes orders and payments.', repository: 'https://git.example.com/checkout', owner: 'payments' },
  ],
  Hosts: ['The hosts of a slot.', { hosts: [{ name: 'a', url: 'http://10.0.0.5:8080' }] }],
};
