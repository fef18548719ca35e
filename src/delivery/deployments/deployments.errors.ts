import {
  DomainError,
  type ErrorRow,
  type ErrorTable,
  type FieldError,
} from '../../platform/http/problems/domain-error.js';
import { httpErrors } from '../../platform/http/problems/http.errors.js';
import type { DeploymentEvent, DeploymentState } from './deployment.model.js';

export const deploymentsErrors = {
  deploymentNotFound: { code: 'deployment-not-found', status: 404, title: 'There is no such deployment' },
  slotBusy: { code: 'slot-busy', status: 409, title: 'Another deployment holds this slot', mayPass: true },
  staleBase: { code: 'stale-base', status: 409, title: 'The slot does not run the release that was expected' },
  outdated: { code: 'outdated', status: 409, title: 'The slot runs something newer' },
  externalIdDiffers: {
    code: 'external-id-differs',
    status: 409,
    title: 'This external id belongs to another deployment',
  },
  staleFence: { code: 'stale-fence', status: 409, title: 'This fence is not the present one' },
  invalidTransition: { code: 'invalid-transition', status: 409, title: 'This cannot happen in the present state' },
  noKnownGood: { code: 'no-known-good', status: 409, title: 'There is no release to go back to' },
  neverPromoted: { code: 'never-promoted', status: 409, title: 'This release was never promoted in this slot' },
} as const satisfies ErrorTable;

export function deploymentNotFound(id: string): DomainError {
  return new DomainError(deploymentsErrors.deploymentNotFound, `There is no deployment ${id}.`);
}

/** `mend` says what the route that refuses can do about it. */
export function slotBusy(holder: object & { id: string }, mend: string): DomainError {
  return new DomainError(deploymentsErrors.slotBusy, `The deployment ${holder.id} holds this slot. ${mend}`, {
    holder,
  });
}

/**
 * The 422 of a body that refers to what does not exist. `mayPass` if a PUT would mend it: then the refusal is not kept
 * for its Idempotency-Key.
 */
export function missingSubjects(errors: readonly FieldError[], { mayPass }: { mayPass: boolean }): DomainError {
  const row = mayPass ? passing(httpErrors.validationFailed) : httpErrors.validationFailed;
  return new DomainError(row, 'The request refers to what does not exist.', { errors });
}

/** `isKnown` is whether the service has the release: one that is still to be put may be promoted by a later retry. */
export function neverPromoted(digest: string, { isKnown }: { isKnown: boolean }): DomainError {
  const row = deploymentsErrors.neverPromoted;
  return new DomainError(
    isKnown ? row : passing(row),
    `${digest} was never promoted in this slot. Choose one that was, or have an operator force it.`,
  );
}

function passing(row: ErrorRow): ErrorRow {
  return { ...row, mayPass: true };
}

export function invalidTransition(
  { state }: { readonly state: DeploymentState },
  event: DeploymentEvent | 'heartbeat',
  mend = '',
): DomainError {
  return new DomainError(
    deploymentsErrors.invalidTransition,
    `The deployment is ${state}; "${event}" is not possible there.${mend && ` ${mend}`}`,
    { state },
  );
}
