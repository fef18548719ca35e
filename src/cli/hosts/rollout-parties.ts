import type { HostSlot } from './host-slot.js';
import type { ServicePlan } from './host-plan.model.js';
import type { Journal, JournalEntry } from './journal.js';
import type { Ledger, LedgerDeployment, Return } from './ledger.js';
import type { RolloutReport } from './rollout-report.js';
import type { ReleaseName, UnreportedDeployments } from './unreported.js';

export interface OpenHost {
  readonly name: string;
  readonly slot: Pick<HostSlot, 'prepare' | 'pull' | 'migrate' | 'observe' | 'look' | 'bring' | 'watch' | 'prune'>;
  readonly journal: Pick<Journal, 'read' | 'open' | 'close'>;
  readonly unreported: Pick<UnreportedDeployments, 'list' | 'keep' | 'forget'>;
}

export interface RolloutParties {
  readonly plan: ServicePlan;
  /** Creates it in the ledger, as a retry of the one with this id. */
  readonly begin: (retryOf: string | null) => Promise<LedgerDeployment>;
  /** A rollback that was asked for: where it fails, the version that served stays, and nothing is judged. */
  readonly isReturn: boolean;
  /** What the ledger is asked for on the way back, where somebody has said more than the verdict does. */
  readonly back: Return | null;
  /** In the ledger alone, since it was cut off before any host knew of it. */
  readonly begun: LedgerDeployment | null;
  readonly hosts: readonly OpenHost[];
  readonly ledger: Ledger;
  /** False where readiness stands in for it. */
  readonly hasLedger: boolean;
  /** For a ledger that hears of it later. */
  readonly name: ReleaseName | null;
  readonly owner: string;
  readonly deployer: string;
  /** What journals said of a deployment that is taken over, by host. */
  readonly taken: ReadonlyMap<string, JournalEntry>;
  /** Throws unless the image is signed as it has to be. Null where nothing is asked for. */
  readonly verify: ((reference: string) => Promise<void>) | null;
  /** Whoever follows a gate goes away; the gate goes on. */
  readonly signal: AbortSignal;
  /** Between two looks at a gate. */
  readonly lookSeconds: number;
  readonly report: (report: RolloutReport) => void;
}
