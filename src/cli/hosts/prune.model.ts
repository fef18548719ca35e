import type { Version } from './host-plan.model.js';
import type { ContainerState } from './host-state.model.js';

export interface Prunable {
  readonly containers: readonly { readonly name: string; readonly deployment: string }[];
  /** Of images that no container is left for. */
  readonly digests: readonly string[];
}

/** One for a rollback, and one for where an incident has taken the first one away. */
const GOOD_ONES = 2;

/**
 * The digests that a rollback from the running release may go back to, of what was promoted, newest first: the last good
 * ones, and any bad one between them, which a person may name.
 */
export function returnable(
  promoted: readonly { readonly digest: string; readonly isBad: boolean }[],
  running: string | null,
): string[] {
  const others = promoted.filter(({ digest }) => digest !== running);
  const bad = new Set(others.filter(({ isBad }) => isBad).map(({ digest }) => digest));
  const found = [...new Set(others.map(({ digest }) => digest))];
  const good = found.filter((digest) => !bad.has(digest)).slice(0, GOOD_ONES);
  return good.length < GOOD_ONES ? found : found.slice(0, found.indexOf(good.at(-1)!) + 1);
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
