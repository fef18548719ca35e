import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../../platform/clock.js';
import { Database } from '../../../platform/database/database.js';
import { type GateOutcome, GateRuns } from '../gates.events.js';
import { Party, Turnstile } from '../schedule/turnstile.js';
import { GateRunStore } from '../store/gate-run-store.js';
import type { Judgement } from '../verdict/verdict.model.js';
import { GateMetrics } from './gate-metrics.js';
import type { GateWatch } from './gate-watch.js';
import { Outage } from './outage.js';

/** Of the connections in the pool most are for requests. */
const CONCLUDED_AT_ONCE = 8;
const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 10_000;

/** Compare-and-set: only a run that nobody has ended, of an engine that still has it. */
const CONCLUDE = `
  update gate_runs set verdict = $3, reasons = $4, means = $5, promoted = ($3 = 'promote'), ended_at = $6, engine_id = null
   where id = $1 and engine_id = $2 and ended_at is null
  returning id`;

/** Somebody else has the run, or it was stopped: there is nothing left to conclude. */
class NotOurs extends Error {
  override readonly name = 'NotOurs';
}

/** Writes verdicts: what deployments make of one and the gate run's own row, or neither. */
@Injectable()
export class Conclusions {
  private readonly turnstile = new Turnstile(CONCLUDED_AT_ONCE, CONCLUDED_AT_ONCE);
  private readonly everybody = new Party();
  private readonly outage = new Outage(new Logger('GateEngine'), 'Concluding gates');
  private readonly underWay = new Set<Promise<void>>();
  private readonly closing = new AbortController();

  constructor(
    private readonly database: Database,
    private readonly gateRuns: GateRuns,
    private readonly runs: GateRunStore,
    private readonly clock: Clock,
    private readonly metrics: GateMetrics,
  ) {}

  /** Tries until the verdict is written, or the run is no longer this engine's. */
  conclude(engineId: string, watch: GateWatch, judgement: Judgement, sinceMs: number): Promise<void> {
    const concluded = this.insist(engineId, watch, judgement, sinceMs).finally(() => this.underWay.delete(concluded));
    this.underWay.add(concluded);
    return concluded;
  }

  /** Waits for those that are under way until the signal aborts, and leaves the rest to another engine. */
  async close(signal: AbortSignal): Promise<void> {
    const aborted = new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    await Promise.race([Promise.all(this.underWay), aborted]);
    this.closing.abort();
  }

  private async insist(engineId: string, watch: GateWatch, judgement: Judgement, sinceMs: number): Promise<void> {
    for (let waitMs = FIRST_RETRY_MS; ; waitMs = Math.min(LAST_RETRY_MS, waitMs * 2)) {
      try {
        const at = await this.turnstile.pass(this.everybody, () => this.write(engineId, watch, judgement));
        this.outage.succeeded();
        return this.metrics.concluded(at.getTime() - sinceMs);
      } catch (error) {
        if (error instanceof NotOurs || !(await this.isOurs(engineId, watch)) || this.closing.signal.aborted) return;
        this.outage.failed(error);
        await delay(waitMs, undefined, { signal: this.closing.signal }).catch(() => undefined);
      }
    }
  }

  private async write(engineId: string, watch: GateWatch, { verdict, reasons }: Judgement): Promise<Date> {
    const concludedAt = this.clock.now();
    const outcome: GateOutcome = { deploymentId: watch.deploymentId, verdict, reasons, concludedAt };
    await this.database.transaction(async (tx) => {
      // First whoever hears of it, who locks slot and deployment, then the gate run: the order that everybody keeps to.
      await this.gateRuns.conclude(tx, outcome);
      await this.end(tx, engineId, watch, outcome);
    });
    return concludedAt;
  }

  private async end(tx: EntityManager, engineId: string, watch: GateWatch, outcome: GateOutcome): Promise<void> {
    const [ended] = await tx.query<[object[], number]>(CONCLUDE, [
      watch.id,
      engineId,
      outcome.verdict,
      JSON.stringify(outcome.reasons),
      JSON.stringify(watch.means),
      outcome.concludedAt,
    ]);
    if (ended.length === 0) throw new NotOurs();
  }

  /** True as long as nobody can tell. */
  private async isOurs(engineId: string, watch: GateWatch): Promise<boolean> {
    try {
      return await this.runs.isOwned(engineId, watch.id);
    } catch {
      return true;
    }
  }
}
