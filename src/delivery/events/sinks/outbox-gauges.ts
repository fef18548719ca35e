import { Injectable } from '@nestjs/common';
import { InjectMetric, makeGaugeProvider } from '@willsoto/nestjs-prometheus';
import type { Gauge } from 'prom-client';
import { PeriodicJobs } from '../../../platform/jobs/periodic-jobs.js';
import { SinksReader } from './sinks.reader.js';

const LOOK_EVERY_MS = 15_000;

export const outboxMetrics = [
  makeGaugeProvider({
    name: 'events_outbox_pending',
    help: 'Events that wait to be sent, each once for each sink, in the whole ledger.',
  }),
  makeGaugeProvider({
    name: 'events_outbox_oldest_seconds',
    help: 'Age of the oldest event that waits to be sent; 0 where none does.',
  }),
];

/** Keeps the gauges of the outbox up to date; each instance says the same. */
@Injectable()
export class OutboxGauges {
  constructor(
    private readonly reader: SinksReader,
    @InjectMetric('events_outbox_pending') private readonly pending: Gauge,
    @InjectMetric('events_outbox_oldest_seconds') private readonly oldest: Gauge,
    jobs: PeriodicJobs,
  ) {
    jobs.every('outbox-gauges', LOOK_EVERY_MS, () => this.look());
  }

  async look(): Promise<void> {
    const { pending, oldestSeconds } = await this.reader.totals();
    this.pending.set(pending);
    this.oldest.set(oldestSeconds);
  }
}
