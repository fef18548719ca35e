import { randomUUID } from 'node:crypto';
import { reasonOf } from './reason-of.js';
import type { Ledger, LedgerDeployment, LedgerVerdict, Return } from './ledger.js';

/** Between two looks at whether anybody still waits. */
const LOOK_MS = 5000;

/** What stands in for the ledger when nobody reaches it: it remembers nothing, and its gate knows readiness alone. */
export class ReadinessLedger implements Ledger {
  constructor(
    /** Fails once a replica of what a host serves is not ready any more. */
    private readonly watch: (forMs: number) => Promise<void>,
    private readonly bakeMs: number,
  ) {}

  async create(digest: string): Promise<LedgerDeployment> {
    return { id: randomUUID(), fence: null, state: 'in_progress', kind: 'deploy', release: { digest } };
  }

  async get(id: string): Promise<LedgerDeployment> {
    return { id, fence: null, state: 'in_progress', kind: 'deploy', release: { digest: '' } };
  }

  async begun(): Promise<null> {
    return null;
  }

  async heartbeat(): Promise<void> {}
  async deployed(): Promise<void> {}
  async failed(): Promise<void> {}

  async rollBack({ to }: Return): Promise<LedgerDeployment> {
    return this.create(to ?? '');
  }

  async rollbackOf(): Promise<null> {
    return null;
  }

  async returnDigests(): Promise<null> {
    return null;
  }

  async verdict(_id: string, _waitSeconds: number, signal: AbortSignal): Promise<LedgerVerdict> {
    const planned = Math.max(1, Math.ceil(this.bakeMs / LOOK_MS));
    for (let done = 0; done < planned; done += 1) {
      if (signal.aborted) return verdictOf('pending', [], { done, planned });
      const failure = await this.watch(Math.min(this.bakeMs, LOOK_MS)).then(() => null, reasonOf);
      if (failure !== null)
        return verdictOf('rollback', [{ code: 'check-failed', detail: failure }], { done, planned });
    }
    const reason = { code: 'all-checks-passed', detail: 'readiness alone' };
    return verdictOf('promote', [reason], { done: planned, planned });
  }
}

const STATES = { pending: 'verifying', promote: 'promoted', rollback: 'rejected' } as const;

function verdictOf(
  verdict: keyof typeof STATES,
  reasons: LedgerVerdict['reasons'],
  progress: LedgerVerdict['progress'],
): LedgerVerdict {
  return { verdict, state: STATES[verdict], rollbackTo: null, reasons, progress };
}
