/** Codes that only the operations port has. The other codes mean the same as on the main port. */
export const operationsErrors = {
  hostNotAllowed: { code: 'host-not-allowed', status: 421, title: 'This port does not answer to that Host' },
  operationUnderWay: { code: 'operation-under-way', status: 409, title: 'The same is under way already' },
  notAvailableNow: { code: 'not-available-now', status: 503, title: 'This cannot be answered now' },
} as const;
