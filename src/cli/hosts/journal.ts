import { randomUUID } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import type { PodmanHost } from '../podman/podman-host.js';
import type { ServicePlan, Version } from './host-plan.model.js';
import { labelsOfSlot } from './labels.model.js';
import type { ReleaseName } from './unreported.js';

/** What was begun on a host, by whom, and what it would go back to. Written before anything is changed there. */
export interface JournalEntry {
  readonly to: Version;
  readonly from: Version | null;
  /** The ledger's deployment that this is; null for one that no ledger knows. */
  readonly ledgerId: string | null;
  /** What was said of the release, where no ledger was there to be told. */
  readonly name?: ReleaseName | null;
  /** Another one after somebody has taken over: who finds a foreign owner stops. */
  readonly owner: string;
  readonly deployer: string;
  readonly openedAt: string;
  /** As it was when the deployment began: whoever goes on needs no file of his own. */
  readonly plan: ServicePlan;
}

const ENTRY = 'plimsoll.journal';

/**
 * The journal of a slot on one host: a volume that holds nothing, and says everything in its labels. Podman makes one of
 * a name at a time, so it is the lock as well, and it outlives whoever made it. The names are numbered: who takes over
 * makes the next one before the one before goes, so that at no time there is none.
 */
export class Journal {
  constructor(
    private readonly slot: Pick<ServicePlan, 'service' | 'environment'>,
    private readonly podman: PodmanHost,
  ) {}

  async read(): Promise<JournalEntry | null> {
    return (await this.#pages()).at(-1)?.entry ?? null;
  }

  /** Null where it is open now, in place of `taken` if there is one; otherwise the entry of whoever else is there. */
  async open(entry: JournalEntry, taken: JournalEntry | null = null): Promise<JournalEntry | null> {
    const pages = await this.#pages();
    const last = pages.at(-1);
    if (last?.entry.owner === entry.owner) return null;
    if (last !== undefined && last.entry.owner !== taken?.owner) return last.entry;
    const labels = { ...labelsOfSlot(this.slot), [ENTRY]: JSON.stringify(entry) };
    const isMade = await this.podman.makeVolume(`${this.#prefix}${(last?.number ?? 0) + 1}`, labels);
    // Somebody else was quicker.
    if (!isMade) return this.read();
    for (const { number } of pages) await this.podman.removeVolume(`${this.#prefix}${number}`);
    return null;
  }

  /** Whatever this owner has written; what is another's stays. The newest goes last: it is the one that counts. */
  async close(owner: string): Promise<void> {
    for (const { number, entry } of await this.#pages()) {
      if (entry.owner === owner) await this.podman.removeVolume(`${this.#prefix}${number}`);
    }
  }

  get #prefix(): string {
    return `plimsoll-journal-${this.slot.service}-${this.slot.environment}-`;
  }

  async #pages(): Promise<{ number: number; entry: JournalEntry }[]> {
    const volumes = await this.podman.volumes(labelsOfSlot(this.slot));
    return volumes
      .filter(({ Name, Labels }) => Name.startsWith(this.#prefix) && Labels?.[ENTRY] !== undefined)
      .map(({ Name, Labels }) => ({
        number: Number(Name.slice(this.#prefix.length)),
        entry: JSON.parse(Labels?.[ENTRY] ?? '') as JournalEntry,
      }))
      .sort((one, other) => one.number - other.number);
  }
}

/** Whose it is, for whoever is refused. */
export function holderText(host: string, { deployer, openedAt, to }: JournalEntry): string {
  return `${deployer} deploys ${to.digest} to host ${host} since ${openedAt} (deployment ${to.deployment})`;
}

export function newOwner(): string {
  return randomUUID();
}

export function thisDeployer(): string {
  return `${userInfo().username}@${hostname()}`;
}
