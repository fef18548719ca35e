import { Injectable } from '@nestjs/common';
import { Shutdown } from '../../operations/lifecycle/shutdown.js';
import { Reports } from '../../operations/reports/reports.js';
import { Clock } from '../clock.js';
import { Database } from '../database/database.js';
import { SchemaVersion } from '../database/schema-version.js';
import { JobMetrics } from './job-metrics.js';
import { type JobRun, PeriodicJob } from './periodic-job.js';

/**
 * What is done again and again, on every instance: a job bears that another instance does the same at the same time.
 * A run that fails is told of once an outage, at WARN, and tried again at the next turn.
 */
@Injectable()
export class PeriodicJobs {
  private readonly jobs: PeriodicJob[] = [];

  constructor(
    private readonly database: Database,
    private readonly schema: SchemaVersion,
    private readonly clock: Clock,
    private readonly metrics: JobMetrics,
    private readonly shutdown: Shutdown,
    private readonly reports: Reports,
  ) {
    shutdown.steps.register('jobs', 'periodic jobs', async () => {
      await Promise.all(this.jobs.map((job) => job.atRest()));
    });
  }

  /**
   * Runs once the schema is complete, and then again each time that so many ms have passed since the end of the run
   * before. No run begins once the instance drains; the shutdown waits for the one that is under way, 2 s at most.
   */
  every(name: string, everyMs: number, run: JobRun): void {
    const { clock, metrics, shutdown, database, schema } = this;
    const job = new PeriodicJob({ name, everyMs, run }, clock, metrics, shutdown.drainSignal);
    this.jobs.push(job);
    metrics.expect(name, everyMs);
    this.reports.register('jobs', name, () => job.state);
    void Promise.all([schema.complete, database.connected]).then(() => job.runUntilDrained());
  }
}
