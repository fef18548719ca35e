import { Injectable } from '@nestjs/common';
import {
  InjectMetric,
  makeCounterProvider,
  makeGaugeProvider,
  makeHistogramProvider,
} from '@willsoto/nestjs-prometheus';
import type { Counter, Gauge, Histogram } from 'prom-client';

/** What is measured of jobs, by their names, of which there are as many as calls of `PeriodicJobs.every` in the code. */
@Injectable()
export class JobMetrics {
  constructor(
    @InjectMetric('job_runs_total') private readonly runs: Counter,
    @InjectMetric('job_duration_seconds') private readonly durations: Histogram,
    @InjectMetric('job_last_success_timestamp_seconds') private readonly lastSuccesses: Gauge,
    @InjectMetric('job_interval_seconds') private readonly intervals: Gauge,
  ) {}

  /** So that an alert knows of every job when a success is due, also of one that never had any. */
  expect(job: string, everyMs: number): void {
    this.intervals.set({ job }, everyMs / 1000);
  }

  observe(job: string, outcome: 'success' | 'failure', seconds: number, lastSuccess: Date | null): void {
    this.runs.inc({ job, outcome });
    this.durations.observe({ job }, seconds);
    if (lastSuccess !== null) this.lastSuccesses.set({ job }, lastSuccess.getTime() / 1000);
  }
}

export const jobMetrics = [
  JobMetrics,
  makeCounterProvider({
    name: 'job_runs_total',
    help: 'Runs of periodic jobs, by outcome: success or failure.',
    labelNames: ['job', 'outcome'],
  }),
  makeHistogramProvider({
    name: 'job_duration_seconds',
    help: 'Duration of the runs of periodic jobs.',
    labelNames: ['job'],
    buckets: [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
  }),
  makeGaugeProvider({
    name: 'job_last_success_timestamp_seconds',
    help: 'When a run of the periodic job last succeeded on this instance.',
    labelNames: ['job'],
  }),
  makeGaugeProvider({
    name: 'job_interval_seconds',
    help: 'The pause between two runs of the periodic job.',
    labelNames: ['job'],
  }),
];
