/** A deployment as the ledger has it at the end. */
export interface LedgerDeployment {
  readonly id: string;
  readonly slot: string;
  readonly kind: string;
  /** The name that the client gave it: the external id, or the reason of a rollback. */
  readonly attempt: string | null;
  readonly digest: string;
  readonly fence: number | null;
  readonly state: string;
  /** The events that moved it, in their order. */
  readonly applied: readonly string[];
  readonly reasons: readonly string[];
  readonly hostsChanged: boolean | null;
  /** Measurements of its gate run. */
  readonly planned: number | null;
  readonly passed: number;
  readonly failed: number;
}

/** What the host of a slot was asked while a deployment ran on it, by its own count. */
export interface Evidence {
  readonly isGood: boolean;
  readonly good: number;
  readonly bad: number;
}

export interface Ledger {
  readonly deployments: readonly LedgerDeployment[];
  /** Digests. */
  readonly releases: readonly string[];
  /** By attempt. */
  readonly evidence: Readonly<Record<string, Evidence>>;
}

export const activeStates: ReadonlySet<string> = new Set(['in_progress', 'verifying', 'on_hold']);
const verdicts: Readonly<Record<string, string>> = {
  promoted: 'promote',
  rejected: 'rollback',
  on_hold: 'hold',
  failed: 'none',
  cancelled: 'none',
  superseded: 'none',
};
export const verdictOf = (state: string) => verdicts[state] ?? 'pending';
