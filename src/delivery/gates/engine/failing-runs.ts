import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../../platform/clock.js';
import { type FailedRun, GateRunStore } from '../store/gate-run-store.js';
import { Conclusions } from './conclusions.js';
import { GateMetrics } from './gate-metrics.js';
import { Outage } from './outage.js';

type Run = Pick<FailedRun, 'id' | 'deploymentId'>;

/**
 * Runs that engines cannot watch. Each is tried again, and in the end put aside for a person. The others continue
 * meanwhile.
 */
@Injectable()
export class FailingRuns {
  private readonly logger = new Logger('GateEngine');
  private readonly outage = new Outage(this.logger, 'Giving gates back');

  constructor(
    private readonly runs: GateRunStore,
    private readonly conclusions: Conclusions,
    private readonly clock: Clock,
    private readonly metrics: GateMetrics,
  ) {}

  /**
   * Gives back a run that threw. Counts the failure, unless the claim has counted it already. Any engine may try again.
   */
  async giveBack(engineId: string, run: Run, error: unknown, { isCounted }: { isCounted: boolean }): Promise<void> {
    this.logger.warn({ err: error, gateRunId: run.id, deploymentId: run.deploymentId }, 'A gate cannot be watched');
    await this.runs
      .release(engineId, [run.id], this.clock.now(), isCounted ? 0 : 1)
      .catch((failure: unknown) => this.outage.failed(failure));
  }

  /** Ends a run in a hold after too many failures. Does not load it again, because that may be what kills engines. */
  putAside(engineId: string, { id, deploymentId, failures }: FailedRun): void {
    const detail = `Plimsoll failed ${failures} times to watch this gate and has put it aside; a person has to decide`;
    this.logger.error({ gateRunId: id, deploymentId, failures }, 'A gate was put aside: a person has to decide');
    this.metrics.putAside('failed');
    const judgement = { verdict: 'hold', reasons: [{ code: 'no-evidence', detail }] } as const;
    void this.conclusions.conclude(
      engineId,
      { id, deploymentId, means: {} },
      { ...judgement, reasons: [...judgement.reasons] },
      this.clock.now().getTime(),
    );
  }
}
