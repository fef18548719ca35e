import { DomainError, type ErrorTable } from '../../platform/http/problems/domain-error.js';
import { canonicalContent, differingFields, type ReleaseContent } from './release.model.js';

export const releasesErrors = {
  releaseNotFound: { code: 'release-not-found', status: 404, title: 'There is no such release' },
  releaseDiffers: { code: 'release-differs', status: 409, title: 'This digest is known as another release' },
} as const satisfies ErrorTable;

export function releaseNotFound(service: string, digest: string): DomainError {
  return new DomainError(releasesErrors.releaseNotFound, `The service "${service}" has no release ${digest}.`);
}

/** The refusal of contents that are not those of the known release; null where they are. */
export function releaseDiffers(known: ReleaseContent, told: ReleaseContent): DomainError | null {
  const differing = differingFields(canonicalContent(known), canonicalContent(told));
  if (differing.length === 0) return null;
  return new DomainError(
    releasesErrors.releaseDiffers,
    `A release never changes, and this one has another ${differing.join(', ')}. A new artifact has a new digest.`,
    { errors: differing.map((field) => ({ pointer: `/${field}`, detail: 'differs from what is registered' })) },
  );
}
