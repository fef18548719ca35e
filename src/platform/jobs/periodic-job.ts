import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { tracing } from '../../operations/tracing/tracing.js';
import type { Clock } from '../clock.js';
import type { JobMetrics } from './job-metrics.js';

/** The signal aborts when draining begins: what can be left to the next instance is then left. */
export type JobRun = (signal: AbortSignal) => Promise<void>;

export interface JobState {
  readonly everyMs: number;
  readonly isRunning: boolean;
  readonly lastStarted: Date | null;
  readonly lastSuccess: Date | null;
  /** When the first run failed of those that have failed since the last success. */
  readonly failingSince: Date | null;
}

export interface JobPlan {
  readonly name: string;
  readonly everyMs: number;
  readonly run: JobRun;
}

/** One job: never two runs of it at once, and none after draining has begun. */
export class PeriodicJob {
  private readonly logger = new Logger('PeriodicJobs');
  private current: Promise<void> | null = null;
  private lastStarted: Date | null = null;
  private lastSuccess: Date | null = null;
  private failingSince: Date | null = null;

  constructor(
    private readonly plan: JobPlan,
    private readonly clock: Clock,
    private readonly metrics: JobMetrics,
    private readonly drainSignal: AbortSignal,
  ) {}

  get state(): JobState {
    const { lastStarted, lastSuccess, failingSince } = this;
    return { everyMs: this.plan.everyMs, isRunning: this.current !== null, lastStarted, lastSuccess, failingSince };
  }

  /** Runs at once, and then each time that the pause since the end of the run before is over. */
  async runUntilDrained(): Promise<void> {
    while (!this.drainSignal.aborted) {
      this.current = this.runOnce();
      await this.current;
      this.current = null;
      await delay(this.plan.everyMs, undefined, { signal: this.drainSignal, ref: false }).catch(() => undefined);
    }
  }

  /** Resolves when no run is under way. */
  async atRest(): Promise<void> {
    await this.current;
  }

  private async runOnce(): Promise<void> {
    const startedAt = performance.now();
    this.lastStarted = this.clock.now();
    try {
      await this.tracedRun();
      this.succeed();
    } catch (error) {
      this.fail(error);
    }
    const outcome = this.failingSince === null ? 'success' : 'failure';
    this.metrics.observe(this.plan.name, outcome, (performance.now() - startedAt) / 1000, this.lastSuccess);
  }

  private tracedRun(): Promise<void> {
    const run = () => this.plan.run(this.drainSignal);
    return tracing.spans ? tracing.spans.root(`job ${this.plan.name}`, {}, run) : run();
  }

  private succeed(): void {
    if (this.failingSince !== null) this.logger.log(`${this.plan.name} works again`);
    this.failingSince = null;
    this.lastSuccess = this.clock.now();
  }

  /** Told once an outage: the next run does what this one has not done. */
  private fail(error: unknown): void {
    if (this.failingSince !== null) return;
    this.failingSince = this.lastStarted;
    this.logger.warn({ msg: `${this.plan.name} failed; it is tried again every ${this.plan.everyMs} ms`, err: error });
  }
}
