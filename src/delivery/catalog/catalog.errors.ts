import type { ErrorTable } from '../../platform/http/problems/domain-error.js';

/** A PUT of what is missing mends the first two, so they are not kept for an Idempotency-Key. */
export const catalogErrors = {
  environmentNotFound: {
    code: 'environment-not-found',
    status: 404,
    title: 'There is no such environment',
    mayPass: true,
  },
  serviceNotFound: { code: 'service-not-found', status: 404, title: 'There is no such service', mayPass: true },
  hostsNotFound: { code: 'hosts-not-found', status: 404, title: 'No hosts were put for this slot' },
} as const satisfies ErrorTable;
