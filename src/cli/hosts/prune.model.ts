import type { Version } from './host-plan.model.js';
import type { ContainerState } from './host-state.model.js';

export interface Prunable {
  readonly containers: readonly { readonly name: string; readonly deployment: string }[];
  /** Of images that no container is left for. */
  readonly digests: readonly string[];
}

/**
 * What a host no longer needs once a deployment is promoted. Kept are the version that serves and the one before, which a
 * rollback starts again, and the image of every digest that the ledger may go back to.
 */
export function prunable(
  containers: readonly ContainerState[],
  images: readonly string[],
  kept: { readonly versions: readonly (Version | null)[]; readonly digests: readonly string[] },
): Prunable {
  const deployments = new Set(kept.versions.map((version) => version?.deployment));
  const digests = new Set([...kept.versions.map((version) => version?.digest), ...kept.digests]);
  return {
    containers: containers.filter((one) => !one.isRunning && !deployments.has(one.deployment)),
    digests: images.filter((digest) => !digests.has(digest)),
  };
}
