import { deployOnHosts, type DeployOptions } from '../../src/cli/hosts/deploy-on-hosts.js';
import type { ServicePlan } from '../../src/cli/hosts/host-plan.model.js';
import type { Rollout } from '../../src/cli/hosts/rollout.model.js';

/** By readiness alone, watched for a second. */
export function options(overrides: Partial<DeployOptions> = {}): DeployOptions {
  const { signal } = new AbortController();
  return {
    ledger: null,
    bakeMs: 1000,
    waitMs: 0,
    verify: null,
    report: () => {},
    signal,
    lookSeconds: 30,
    ...overrides,
  };
}

export function deploy(plan: ServicePlan, digest: string, overrides: Partial<DeployOptions> = {}): Promise<Rollout> {
  return deployOnHosts(plan, digest, options(overrides));
}

/** A deployment that another test begins with: it fails with its reason if it is not promoted. */
export async function promote(plan: ServicePlan, digest: string): Promise<void> {
  const { ending, reason } = await deploy(plan, digest);
  if (ending !== 'promoted') throw new Error(`${ending}: ${reason}`);
}
