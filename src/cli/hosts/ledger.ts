/** A deployment as the ledger knows it, as far as the rollout needs it. */
export interface LedgerDeployment {
  readonly id: string;
  readonly fence: number | null;
  readonly state: string;
  readonly kind: string;
  readonly release: { readonly digest: string };
}

export interface Return {
  /** Null for the one that the ledger knows to be good. */
  readonly to: string | null;
  readonly reason: string;
  /** The same key gets the same rollback. */
  readonly key: string;
  /** The deployment that is undone; a rollback of it that somebody has begun is gone on with. */
  readonly undoing: string | null;
  readonly force?: boolean;
}

export interface LedgerVerdict {
  readonly verdict: 'pending' | 'promote' | 'rollback' | 'hold' | 'none';
  readonly state: string;
  readonly rollbackTo: { readonly digest: string } | null;
  readonly reasons: readonly { readonly code: string; readonly detail: string }[];
  readonly progress: { readonly done: number; readonly planned: number } | null;
}

/** Who decides and remembers. Each call fails with a LedgerRefusal, or with an error of the way to it. */
export interface Ledger {
  create(digest: string, retryOf: string | null): Promise<LedgerDeployment>;
  get(id: string): Promise<LedgerDeployment>;
  /** One that a command has begun and that changes hosts, by what the ledger knows. */
  begun(): Promise<LedgerDeployment | null>;
  heartbeat(deployment: LedgerDeployment): Promise<void>;
  deployed(deployment: LedgerDeployment): Promise<void>;
  failed(deployment: LedgerDeployment, reason: string, hostsChanged: boolean): Promise<void>;
  rollBack(asked: Return): Promise<LedgerDeployment>;
  /** The rollback that somebody has begun to undo this deployment, while nobody has said yet that the hosts are back. */
  rollbackOf(id: string): Promise<LedgerDeployment | null>;
  /** Of the releases that it may go back to; null where nobody knows, so that none is to be lost. */
  returnDigests(): Promise<readonly string[] | null>;
  /** `pending` when the time is up, or when the signal says that nobody waits any more. */
  verdict(id: string, waitSeconds: number, signal: AbortSignal): Promise<LedgerVerdict>;
}

export class LedgerRefusal extends Error {
  override readonly name = 'LedgerRefusal';

  constructor(
    message: string,
    readonly status: number,
    readonly code: string,
    /** Who holds the slot, where that is why. */
    readonly holder: { readonly id: string; readonly actor: string; readonly deadline: string | null } | null = null,
  ) {
    super(message);
  }
}
