import type { ErrorTable } from '../../platform/http/problems/domain-error.js';

export const eventsErrors = {
  sinkNotFound: { code: 'sink-not-found', status: 404, title: 'There is no such sink' },
} as const satisfies ErrorTable;
