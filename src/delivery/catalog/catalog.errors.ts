import type { ErrorTable } from '../../platform/http/problems/domain-error.js';

export const catalogErrors = {
  environmentNotFound: { code: 'environment-not-found', status: 404, title: 'There is no such environment' },
  serviceNotFound: { code: 'service-not-found', status: 404, title: 'There is no such service' },
  hostsNotFound: { code: 'hosts-not-found', status: 404, title: 'No hosts were put for this slot' },
} as const satisfies ErrorTable;
