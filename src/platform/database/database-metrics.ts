import { Injectable, Module } from '@nestjs/common';
import { InjectMetric, makeCounterProvider, makeHistogramProvider } from '@willsoto/nestjs-prometheus';
import type { Pool } from 'pg';
import type { Counter, Histogram } from 'prom-client';
import { collectedGauge } from '../../operations/metrics/collected.js';
import { failureCode } from './database-failure.js';
import { queryLabels } from './query-labels.js';

const BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

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

  observeAcquisition(startedAt: number): void {
    this.acquisitions.observe((performance.now() - startedAt) / 1000);
  }

  countError(error: unknown): void {
    const code = failureCode(error) ?? '';
    this.errors.inc({
      sqlstate_class: /^[0-9A-Z]{5}$/.test(code) && !code.startsWith('E') ? code.slice(0, 2) : 'connection',
    });
  }

  /** `pool` is asked for when somebody scrapes; null before the first connection. */
  watchPool(pool: () => Pool | null, max: number): void {
    collectedGauge({
      name: 'db_pool_connections',
      help: 'Connections of the pool.',
      labelNames: ['state'],
      values: () => {
        const { totalCount = 0, idleCount = 0 } = pool() ?? {};
        return [
          { labels: { state: 'idle' }, value: idleCount },
          { labels: { state: 'used' }, value: totalCount - idleCount },
        ];
      },
    });
    collectedGauge({
      name: 'db_pool_max_connections',
      help: 'The most connections that the pool makes.',
      values: () => [{ value: max }],
    });
    collectedGauge({
      name: 'db_pool_pending_requests',
      help: 'Who waits for a connection of the pool.',
      values: () => [{ value: pool()?.waitingCount ?? 0 }],
    });
  }
}

@Module({
  providers: [
    DatabaseMetrics,
    makeHistogramProvider({
      name: 'db_query_duration_seconds',
      help: 'Duration of statements, from sending to the last row.',
      labelNames: ['operation', 'entity'],
      buckets: BUCKETS,
    }),
    makeHistogramProvider({
      name: 'db_pool_acquire_duration_seconds',
      help: 'How long a transaction or a hot read waited for its connection.',
      buckets: BUCKETS,
    }),
    makeCounterProvider({
      name: 'db_errors_total',
      help: 'Statements that failed, by the class of their SQLSTATE; connection where there was no answer.',
      labelNames: ['sqlstate_class'],
    }),
  ],
  exports: [DatabaseMetrics],
})
export class DatabaseMetricsModule {}
