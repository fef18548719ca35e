import type { ServicePlan, Version } from './host-plan.model.js';

/** What is on a host says by these labels whose it is. */
export const LABELS = {
  service: 'plimsoll.service',
  environment: 'plimsoll.environment',
  deployment: 'plimsoll.deployment',
  digest: 'plimsoll.digest',
  replica: 'plimsoll.replica',
  /** `replica` or `migration`. */
  role: 'plimsoll.role',
  /** What it was started with, in digests. */
  settings: 'plimsoll.settings',
} as const;

export type Role = 'replica' | 'migration';
type Slot = Pick<ServicePlan, 'service' | 'environment'>;

export function labelsOfSlot({ service, environment }: Slot): Record<string, string> {
  return { [LABELS.service]: service, [LABELS.environment]: environment };
}

export function labelsOfContainer(slot: Slot, { deployment, digest }: Version, role: Role, replica: number) {
  return {
    ...labelsOfSlot(slot),
    [LABELS.deployment]: deployment,
    [LABELS.digest]: digest,
    [LABELS.role]: role,
    [LABELS.replica]: String(replica),
  };
}

/** The random end of a UUIDv7: short enough for a name in DNS, and still of one deployment alone. */
export function shortOf(deployment: string): string {
  return deployment.replaceAll('-', '').slice(-12);
}

export function containerName({ service, environment }: Slot, deployment: string, replica: number | 'migrate'): string {
  return `${service}-${environment}-${shortOf(deployment)}-${replica}`;
}

/** By which the proxy finds a container: a name may be longer than DNS takes. */
export function aliasOf(deployment: string, replica: number): string {
  return `p${shortOf(deployment)}-${replica}`;
}
