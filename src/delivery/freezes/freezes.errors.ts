import { DomainError, type ErrorTable } from '../../platform/http/problems/domain-error.js';

export const freezesErrors = {
  frozen: { code: 'frozen', status: 409, title: 'Deployments are frozen here', mayPass: true },
  freezeUnknown: {
    code: 'freeze-unknown',
    status: 409,
    title: 'Nobody knows whether deployments are frozen here',
    mayPass: true,
  },
  freezeNotFound: { code: 'freeze-not-found', status: 404, title: 'There is no such freeze' },
  tooManyFreezes: { code: 'too-many-freezes', status: 409, title: 'There are as many freezes as there may be' },
} as const satisfies ErrorTable;

export function freezeNotFound(id: string): DomainError {
  return new DomainError(freezesErrors.freezeNotFound, `There is no freeze ${id}.`);
}

export function tooManyFreezes(most: number): DomainError {
  return new DomainError(
    freezesErrors.tooManyFreezes,
    `There are ${most} freezes that are not over, and there may be no more. Delete one that nobody needs.`,
  );
}
