import type { ErrorTable } from '../../platform/http/problems/domain-error.js';

export const freezesErrors = {
  frozen: { code: 'frozen', status: 409, title: 'Deployments are frozen here', mayPass: true },
  freezeUnknown: {
    code: 'freeze-unknown',
    status: 409,
    title: 'Nobody knows whether deployments are frozen here',
    mayPass: true,
  },
} as const satisfies ErrorTable;
