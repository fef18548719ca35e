import { DomainError, type ErrorTable } from '../../platform/http/problems/domain-error.js';
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

export function slotBusy(holder: object & { id: string }): DomainError {
  return new DomainError(
    deploymentsErrors.slotBusy,
    `The deployment ${holder.id} holds this slot. Wait for it, or create with "onConflict": "queue".`,
    { holder },
  );
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
