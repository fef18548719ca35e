import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../../platform/clock.js';
import { PeriodicJobs } from '../../../platform/jobs/periodic-jobs.js';
import { type AbandonedRun, GateRunStore } from '../store/gate-run-store.js';
import type { Judgement } from '../verdict/verdict.model.js';
import { Conclusions } from './conclusions.js';
import { GateMetrics } from './gate-metrics.js';

const LOOK_EVERY_MS = 10_000;

/** After an outage every run is past its deadline and not watched. Engines have a minute to take them over. */
const LOOKS = 6;

const ABANDONED: Judgement = {
  verdict: 'hold',
  reasons: [{ code: 'no-evidence', detail: 'the deadline has passed, and no engine could watch this gate' }],
};

/**
 * Ends runs in a hold that no living engine has, long after their deadline: no deployment waits for ever for a verdict
 * that nobody comes to. How long is counted in looks of this instance, and not in the time that has passed since: nobody
 * could take a run while Plimsoll or its database was away.
 */
@Injectable()
export class AbandonedRuns {
  private readonly logger = new Logger('GateEngine');
  private seen = new Map<string, number>();

  constructor(
    private readonly runs: GateRunStore,
    private readonly conclusions: Conclusions,
    private readonly clock: Clock,
    private readonly metrics: GateMetrics,
    jobs: PeriodicJobs,
  ) {
    jobs.every('abandoned-gates', LOOK_EVERY_MS, () => this.look());
  }

  async look(): Promise<void> {
    const before = this.seen;
    this.seen = new Map();
    const overdue = await this.runs.abandoned(this.clock.now());
    this.seen = new Map(overdue.map(({ id }) => [id, (before.get(id) ?? 0) + 1]));
    for (const run of overdue) if ((this.seen.get(run.id) ?? 0) >= LOOKS) await this.putAside(run);
  }

  private async putAside({ id, deploymentId, engineId }: AbandonedRun): Promise<void> {
    const subject = { gateRunId: id, deploymentId };
    try {
      await this.conclusions.concludeFor(engineId, { id, deploymentId, means: {} }, ABANDONED);
      this.metrics.putAside('abandoned');
      this.logger.error(subject, 'A gate that no engine could watch was put aside: a person has to decide');
    } catch (error) {
      // An engine has taken it after all, or the next look tries again.
      this.logger.warn({ ...subject, err: error }, 'A gate that no engine watches was not put aside');
    }
  }
}
