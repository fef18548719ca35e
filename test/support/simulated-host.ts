import type { Version } from '../../src/cli/hosts/host-plan.model.js';
import type { JournalEntry } from '../../src/cli/hosts/journal.js';
import type { OpenHost } from '../../src/cli/hosts/rollout-parties.js';
import type { Unreported } from '../../src/cli/hosts/unreported.js';

/** A host that is changed by a word, and refuses the releases that it is told to refuse. */
export class SimulatedHost implements OpenHost {
  live: Version | null = null;
  refuses: string | null = null;
  #entry: JournalEntry | null = null;
  readonly #kept = new Map<string, Unreported>();

  constructor(readonly name: string) {}

  readonly slot: OpenHost['slot'] = {
    prepare: async () => {},
    pull: async () => {},
    migrate: async () => {},
    watch: async () => {},
    prune: async () => {},
    look: () => this.slot.observe([]),
    observe: async () => ({
      images: [],
      containers: this.live === null ? [] : [{ ...this.live, name: 'demo', replica: 1, isRunning: true, restarts: 0 }],
      live: this.live?.deployment ?? null,
      ready: [],
    }),
    bring: async (to, guard) => {
      await guard?.();
      if (to !== null && to.digest === this.refuses) throw new Error('it was not ready in time');
      this.live = to;
    },
  };

  readonly unreported: OpenHost['unreported'] = {
    list: async () => [...this.#kept.values()],
    keep: async (entry) => void this.#kept.set(entry.deployment, entry),
    forget: async (deployment) => void this.#kept.delete(deployment),
  };

  readonly journal: OpenHost['journal'] = {
    read: async () => this.#entry,
    open: async (entry) => {
      this.#entry ??= entry;
      return this.#entry.owner === entry.owner ? null : this.#entry;
    },
    close: async (owner) => {
      if (this.#entry?.owner === owner) this.#entry = null;
    },
  };
}
