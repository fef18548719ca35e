import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../../platform/clock.js';
import { ReservedDatabase } from '../../../platform/database/database.js';
import { type GateOutcome, GateRuns } from '../gates.events.js';
import { Party, Turnstile } from '../schedule/turnstile.js';
import { GateRunStore } from '../store/gate-run-store.js';
import { inShadow } from '../verdict/shadow.model.js';
import type { Judgement } from '../verdict/verdict.model.js';
import { GateMetrics } from './gate-metrics.js';
import { Outage } from './outage.js';

/**
 * A conclusion may wait for rows that requests have locked. The limit leaves some reserved connections for urgent work.
 */
const CONCLUDED_AT_ONCE = 8;
const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 10_000;

/** Compare-and-set: only a run that nobody has ended, of an engine that still has it, or of none where none had it. */
const CONCLUDE = `
  update gate_runs set verdict = $3, reasons = $4, means = $5, promoted = ($3 = 'promote'), ended_at = $6, engine_id = null
   where id = $1 and engine_id is not distinct from $2 and ended_at is null
  returning id`;

/** The plan as it was stored, also if it is no longer loaded. */
const IS_SHADOW = `select coalesce((plan ->> 'shadow')::boolean, false) as "isShadow" from gate_runs where id = $1`;

/** The data of a verdict. */
export interface Concluded {
  readonly id: string;
  readonly deploymentId: string;
  /** The mean of every check. */
  readonly means: Readonly<Record<string, number>>;
}

/** Another engine has the run, or it was stopped: there is nothing left to conclude. */
class NotOurs extends Error {
  override readonly name = 'NotOurs';
}

/** Writes verdicts: the change of the deployment and the row of the gate run together, or neither. */
@Injectable()
export class Conclusions {
  private readonly turnstile = new Turnstile(CONCLUDED_AT_ONCE, CONCLUDED_AT_ONCE);
  private readonly everybody = new Party();
  private readonly outage = new Outage(new Logger('GateEngine'), 'Concluding gates');
  private readonly underWay = new Set<Promise<void>>();
  private readonly closing = new AbortController();

  constructor(
    private readonly database: ReservedDatabase,
    private readonly gateRuns: GateRuns,
    private readonly runs: GateRunStore,
    private readonly clock: Clock,
    private readonly metrics: GateMetrics,
  ) {}

  /** Retries until the verdict is written, or until the run no longer belongs to this engine. */
  conclude(engineId: string, run: Concluded, judgement: Judgement, sinceMs: number): Promise<void> {
    const concluded = this.insist(engineId, run, judgement, sinceMs).finally(() => this.underWay.delete(concluded));
    this.underWay.add(concluded);
    return concluded;
  }

  /** Waits for running conclusions until the signal aborts, and leaves the rest to another engine. */
  async close(signal: AbortSignal): Promise<void> {
    const aborted = new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    await Promise.race([Promise.all(this.underWay), aborted]);
    this.closing.abort();
  }

  private async insist(engineId: string, run: Concluded, judgement: Judgement, sinceMs: number): Promise<void> {
    for (let waitMs = FIRST_RETRY_MS; ; waitMs = Math.min(LAST_RETRY_MS, waitMs * 2)) {
      try {
        const at = await this.turnstile.pass(this.everybody, () => this.write(engineId, run, judgement));
        this.outage.succeeded();
        return this.metrics.concluded(at.getTime() - sinceMs);
      } catch (error) {
        if (error instanceof NotOurs || !(await this.isOurs(engineId, run)) || this.closing.signal.aborted) return;
        this.outage.failed(error);
        await delay(waitMs, undefined, { signal: this.closing.signal }).catch(() => undefined);
      }
    }
  }

  /** Tries once, for a run without a living engine (null: without any engine). @throws if an engine has taken it */
  async concludeFor(engineId: string | null, run: Concluded, judgement: Judgement): Promise<void> {
    await this.turnstile.pass(this.everybody, () => this.write(engineId, run, judgement));
  }

  private async write(engineId: string | null, run: Concluded, judgement: Judgement): Promise<Date> {
    const concludedAt = this.clock.now();
    await this.database.transaction(async (tx) => {
      const [row] = await tx.query<{ isShadow: boolean }[]>(IS_SHADOW, [run.id]);
      const concluded = row?.isShadow ? inShadow(judgement) : judgement;
      const outcome: GateOutcome = { deploymentId: run.deploymentId, ...concluded, concludedAt };
      // First the handler, which locks slot and deployment, then the gate run: everywhere in this order.
      await this.gateRuns.conclude(tx, outcome);
      await this.end(tx, engineId, run, { ...judgement, concludedAt });
    });
    return concludedAt;
  }

  /** The run keeps its own verdict, also for a shadow gate: only a run with the verdict `promote` is a baseline. */
  private async end(
    tx: EntityManager,
    engineId: string | null,
    run: Concluded,
    { verdict, reasons, concludedAt }: Judgement & { concludedAt: Date },
  ): Promise<void> {
    const [ended] = await tx.query<[object[], number]>(CONCLUDE, [
      run.id,
      engineId,
      verdict,
      JSON.stringify(reasons),
      JSON.stringify(run.means),
      concludedAt,
    ]);
    if (ended.length === 0) throw new NotOurs();
  }

  /** True while the state is not known. */
  private async isOurs(engineId: string, run: Concluded): Promise<boolean> {
    try {
      return await this.runs.isOwned(engineId, run.id);
    } catch {
      return true;
    }
  }
}
