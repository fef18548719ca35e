import type { ErrorTable } from '../../platform/http/problems/domain-error.js';

export const gatesErrors = {
  gateNotFound: { code: 'gate-not-found', status: 404, title: 'No gate was put for this slot' },
} as const satisfies ErrorTable;
