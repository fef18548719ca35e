import { Injectable, Module } from '@nestjs/common';
import { InjectMetric, makeCounterProvider, makeHistogramProvider } from '@willsoto/nestjs-prometheus';
import type { Counter, Histogram } from 'prom-client';
import { failureCode } from './database-failure.js';
import { queryLabels } from './query-labels.js';

const BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** What pg-pool says, without a code, where every connection was taken for too long. */
const POOL_EXHAUSTED = 'timeout exceeded when trying to connect';

/** What is measured of the database. */
@Injectable()
export class DatabaseMetrics {
  constructor(
    @InjectMetric('db_query_duration_seconds') private readonly queries: Histogram,
    @InjectMetric('db_pool_acquire_duration_seconds') private readonly acquisitions: Histogram,
    @InjectMetric('db_errors_total') private readonly errors: Counter,
  ) {}

  observeQuery(text: string, startedAt: number): void {
    const { operation, entity } = queryLabels(text);
    this.queries.observe({ operation, entity }, (performance.now() - startedAt) / 1000);
  }

  /** Of a wait for a connection, with what it failed with if it was in vain. */
  observeAcquisition(startedAt: number, error?: Error): void {
    this.acquisitions.observe((performance.now() - startedAt) / 1000);
    if (error) this.countError(error);
  }

  countError(error: Error): void {
    this.errors.inc({ sqlstate_class: classOf(error) });
  }
}

function classOf(error: Error): string {
  if (error.message === POOL_EXHAUSTED) return 'pool';
  const code = failureCode(error) ?? '';
  return /^[0-9A-Z]{5}$/.test(code) && !code.startsWith('E') ? code.slice(0, 2) : 'connection';
}

@Module({
  providers: [
    DatabaseMetrics,
    makeHistogramProvider({
      name: 'db_query_duration_seconds',
      help: 'Duration of statements, from sending to the last row or the failure.',
      labelNames: ['operation', 'entity'],
      buckets: BUCKETS,
    }),
    makeHistogramProvider({
      name: 'db_pool_acquire_duration_seconds',
      help: 'How long a transaction or a read waited for its connection of a pool, also in vain.',
      buckets: BUCKETS,
    }),
    makeCounterProvider({
      name: 'db_errors_total',
      help: 'Statements and waits that failed, by class of SQLSTATE; connection: no answer, pool: every connection taken.',
      labelNames: ['sqlstate_class'],
    }),
  ],
  exports: [DatabaseMetrics],
})
export class DatabaseMetricsModule {}
