import { DomainError, type ErrorTable } from '../../platform/http/problems/domain-error.js';

export const releasesErrors = {
  releaseNotFound: { code: 'release-not-found', status: 404, title: 'There is no such release' },
  releaseDiffers: { code: 'release-differs', status: 409, title: 'This digest is known as another release' },
} as const satisfies ErrorTable;

export function releaseNotFound(service: string, digest: string): DomainError {
  return new DomainError(releasesErrors.releaseNotFound, `The service "${service}" has no release ${digest}.`);
}
