import { Inject, Injectable } from '@nestjs/common';
import { Shutdown } from '../../../operations/lifecycle/shutdown.js';
import { Notifications } from '../../../platform/database/notifications.js';
import { verdictOf } from '../deployment.model.js';
import { DeploymentsReader, type VerdictRow } from '../deployments.reader.js';
import { DEPLOYMENT_CHANGED } from '../lifecycle/deployment-events.js';

/** Announcements can get lost while the database is away, so who waits looks for itself this often. */
export const LOOK_EVERY_MS = Symbol('LOOK_EVERY_MS');
export const lookEvery = { provide: LOOK_EVERY_MS, useValue: 2000 };

/** Verdicts, and waiting for them. */
@Injectable()
export class Verdicts {
  private readonly waiting = new Map<string, Set<() => void>>();

  constructor(
    private readonly reader: DeploymentsReader,
    private readonly shutdown: Shutdown,
    @Inject(LOOK_EVERY_MS) private readonly lookEveryMs: number,
    notifications: Notifications,
  ) {
    notifications.listen(DEPLOYMENT_CHANGED, (id) => this.wake(id));
    notifications.onReconnect(() => this.wakeAll());
    shutdown.drainSignal.addEventListener('abort', () => this.wakeAll(), { once: true });
  }

  /**
   * The verdict as soon as it is not `pending` any more; `pending` when the time is up, when this process drains, or
   * when the caller has gone. `known` is what the caller has read already.
   */
  async await(id: string, known: VerdictRow, waitMs: number, gone: AbortSignal): Promise<VerdictRow> {
    const until = Date.now() + waitMs;
    let row = known;
    for (;;) {
      // Listen before looking, or a verdict that falls in between would be missed.
      const change = this.nextChange(id);
      try {
        row = (await this.reader.verdict(id)) ?? row;
        const restMs = until - Date.now();
        const isOver = restMs <= 0 || gone.aborted || this.shutdown.drainSignal.aborted;
        if (isOver || verdictOf(row.state) !== 'pending') return row;
        await change.within(Math.min(restMs, this.lookEveryMs), gone);
      } finally {
        change.forget();
      }
    }
  }

  private nextChange(id: string) {
    const { promise, resolve } = Promise.withResolvers<void>();
    const waiters = this.waiting.get(id) ?? new Set();
    this.waiting.set(id, waiters.add(resolve));
    const over = new AbortController();
    return {
      within: (ms: number, gone: AbortSignal): Promise<void> => {
        const timer = setTimeout(resolve, ms);
        over.signal.addEventListener('abort', () => clearTimeout(timer));
        gone.addEventListener('abort', () => resolve(), { signal: over.signal });
        return promise;
      },
      forget: (): void => {
        over.abort();
        waiters.delete(resolve);
        if (waiters.size === 0 && this.waiting.get(id) === waiters) this.waiting.delete(id);
      },
    };
  }

  private wake(id: string): void {
    for (const resolve of this.waiting.get(id) ?? []) resolve();
  }

  private wakeAll(): void {
    for (const id of this.waiting.keys()) this.wake(id);
  }
}
