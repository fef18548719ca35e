import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Shutdown } from '../../../operations/lifecycle/shutdown.js';
import { Clock } from '../../../platform/clock.js';
import { Notifications } from '../../../platform/database/notifications.js';
import { SchemaVersion } from '../../../platform/database/schema-version.js';
import { GATE_RUN_OPENED, GATE_RUN_STOPPED } from '../gates.events.js';
import { EngineLease } from '../store/engine-lease.js';
import { type FailedRun, GateRunStore, type LeasedRun } from '../store/gate-run-store.js';
import { FailingRuns } from './failing-runs.js';
import { GateWatches } from './gate-watches.js';
import { isAway, Outage } from './outage.js';

/**
 * How often the lease is renewed. Free gate runs are also looked for at this interval, because an announcement can be
 * lost.
 */
const BEAT_MS = 1000;

/**
 * After a stall or a database outage, this instance waits before it treats the leases of others as expired, so that
 * they can renew them.
 */
const STEADY_FOR_MS = 3000;

/** If a beat is this late, this instance was stalled, and perhaps all of them were. */
const STOOD_STILL_MS = 2 * BEAT_MS;

/** The shutdown step has 2 s. */
const LEAVE_WITHIN_MS = 1500;

/**
 * Watches gate runs together with the engines of other instances. Each engine holds a lease and takes free runs. The
 * runs of an engine are free when it leaves, or when its lease expires.
 */
@Injectable()
export class GateEngine implements OnApplicationBootstrap {
  private readonly outage = new Outage(new Logger('GateEngine'), 'Watching gates');
  private engineId: string | null = null;
  private steadySinceMs: number | null = null;
  private lastBeatMs = Infinity;
  private mayHaveMissed = false;
  private wantsMore = false;
  private claiming: Promise<void> | null = null;
  private readonly leaving = new AbortController();

  constructor(
    private readonly lease: EngineLease,
    private readonly runs: GateRunStore,
    private readonly watches: GateWatches,
    private readonly failing: FailingRuns,
    private readonly clock: Clock,
    private readonly shutdown: Shutdown,
    private readonly schema: SchemaVersion,
    notifications: Notifications,
  ) {
    watches.onLeaseLost = () => this.loseLease();
    notifications.listen(GATE_RUN_OPENED, () => void this.claim().catch((error) => this.fail(error)));
    notifications.listen(GATE_RUN_STOPPED, (runId) => watches.drop(runId));
    notifications.onReconnect(() => (this.mayHaveMissed = true));
    shutdown.steps.register('jobs', 'gate engine', () => this.leave());
  }

  onApplicationBootstrap(): void {
    void this.schema.complete.then(() => this.live());
  }

  private async live(): Promise<void> {
    const { signal } = this.leaving;
    while (!signal.aborted) {
      await this.beat().catch((error) => this.fail(error));
      await delay(BEAT_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  private async beat(): Promise<void> {
    await this.holdLease();
    // Not awaited: taking over many runs takes longer than a lease, which must be renewed in the meantime.
    void this.claim()
      .then(() => this.outage.succeeded())
      .catch((error) => this.fail(error));
  }

  private fail(error: unknown): void {
    this.steadySinceMs = null;
    this.mayHaveMissed = true;
    this.outage.failed(error);
  }

  private async holdLease(): Promise<void> {
    const nowMs = performance.now();
    if (nowMs - this.lastBeatMs > STOOD_STILL_MS) this.steadySinceMs = null;
    this.lastBeatMs = nowMs;
    if (this.engineId !== null && !(await this.lease.renew(this.engineId))) this.loseLease();
    const engineId = (this.engineId ??= await this.lease.join());
    this.steadySinceMs ??= performance.now();
    if (performance.now() - this.steadySinceMs >= STEADY_FOR_MS) await this.lease.reap(engineId);
  }

  /** Another engine has our runs already, or may take them at any moment. */
  private loseLease(): void {
    this.engineId = null;
    this.watches.dropAll();
  }

  /** Drops the runs that were stopped without our notice, and gives back the runs that we got without our notice. */
  private async reconcile(engineId: string): Promise<void> {
    this.mayHaveMissed = false;
    const owned = await this.runs.owned(engineId);
    for (const id of this.watches.ids) if (!owned.has(id)) this.watches.drop(id);
    const unknown = [...owned].filter((id) => !this.watches.ids.has(id));
    // Taking them over was interrupted, which is no failure of the runs.
    if (unknown.length > 0) await this.runs.release(engineId, unknown, this.clock.now(), -1);
  }

  /** Takes all free gate runs, one call after the other. If it is called again in the meantime, it looks again. */
  private claim(): Promise<void> {
    this.wantsMore = true;
    this.claiming ??= this.claimAll().finally(() => (this.claiming = null));
    return this.claiming;
  }

  /** One run at a time: its data is in memory, and a failure is counted only against that run. */
  private async claimAll(): Promise<void> {
    const failed: string[] = [];
    while (this.wantsMore) {
      const { engineId } = this;
      if (engineId === null || this.shutdown.drainSignal.aborted) return;
      if (this.mayHaveMissed) await this.reconcile(engineId);
      this.wantsMore = false;
      const run = await this.runs.claim(engineId, failed);
      if (run === null) continue;
      this.wantsMore = true;
      if (!(await this.take(engineId, run))) failed.push(run.id);
      if (engineId !== this.engineId) this.watches.dropAll();
    }
  }

  /** False if this run cannot be watched now. Another engine may try it, or this one at the next beat. */
  private async take(engineId: string, run: LeasedRun | FailedRun): Promise<boolean> {
    try {
      if (run.plan === null) this.failing.putAside(engineId, run);
      else await this.watches.begin(engineId, run);
      return true;
    } catch (error) {
      if (isAway(error)) throw error;
      await this.failing.giveBack(engineId, run, error, { isCounted: true });
      return false;
    }
  }

  /** Writes the waiting measurements, then leaves the runs to the others. */
  private async leave(): Promise<void> {
    this.leaving.abort();
    const signal = AbortSignal.timeout(LEAVE_WITHIN_MS);
    await this.endOfClaim(signal);
    await this.watches.close(signal);
    const { engineId } = this;
    this.engineId = null;
    if (engineId !== null) await this.lease.leave(engineId, GATE_RUN_OPENED).catch((error) => this.fail(error));
  }

  /** Waits for a takeover to end, because an interrupted one would count as a failure of the run. */
  private async endOfClaim(signal: AbortSignal): Promise<void> {
    const aborted = new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    await Promise.race([this.claiming?.catch(() => undefined), aborted]);
  }
}
