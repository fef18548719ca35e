import type { PodmanHost } from '../podman/podman-host.js';
import type { ServicePlan } from './host-plan.model.js';
import { labelsOfSlot, shortOf } from './labels.model.js';

/** What a release is called, for a ledger that has not got it yet. */
export interface ReleaseName {
  readonly version: string;
  readonly gitSha: string;
}

/** A deployment that changed hosts without the ledger, and is over. */
export interface Unreported {
  readonly deployment: string;
  readonly digest: string;
  readonly name: ReleaseName | null;
  /** The digest that the host served before. */
  readonly before: string | null;
  readonly state: 'promoted' | 'rejected' | 'failed';
  readonly deployer: string;
  readonly createdAt: string;
  readonly deployedAt: string | null;
  readonly finishedAt: string;
}

const ENTRY = 'plimsoll.unreported';
/** Of one slot on one host. Whoever has more than these has no use for the ledger. */
const MOST = 100;

/**
 * The deployments of a slot that no ledger has heard of, on one host: each is a volume that holds nothing and says
 * everything in its labels, like the journal. So any machine can report them, whoever deployed.
 */
export class UnreportedDeployments {
  constructor(
    private readonly slot: Pick<ServicePlan, 'service' | 'environment'>,
    private readonly podman: PodmanHost,
  ) {}

  /** Oldest first. */
  async list(): Promise<Unreported[]> {
    const volumes = await this.podman.volumes(labelsOfSlot(this.slot));
    return inOrder(
      volumes.flatMap(({ Labels }) => {
        const text = Labels?.[ENTRY];
        return text === undefined ? [] : [JSON.parse(text) as Unreported];
      }),
    );
  }

  /** May be called again. The oldest go where there are too many. */
  async keep(entry: Unreported): Promise<void> {
    const labels = { ...labelsOfSlot(this.slot), [ENTRY]: JSON.stringify(entry) };
    await this.podman.makeVolume(this.#nameOf(entry.deployment), labels);
    const entries = await this.list();
    for (const { deployment } of entries.slice(0, Math.max(0, entries.length - MOST))) await this.forget(deployment);
  }

  async forget(deployment: string): Promise<void> {
    await this.podman.removeVolume(this.#nameOf(deployment));
  }

  #nameOf(deployment: string): string {
    return `plimsoll-unreported-${this.slot.service}-${this.slot.environment}-${shortOf(deployment)}`;
  }
}

/** Of several hosts, each deployment once, oldest first. */
export function inOrder(entries: readonly Unreported[]): Unreported[] {
  const once = new Map(entries.map((entry) => [entry.deployment, entry]));
  return [...once.values()].sort((one, other) => Date.parse(one.createdAt) - Date.parse(other.createdAt));
}
