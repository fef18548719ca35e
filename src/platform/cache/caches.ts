import { Injectable } from '@nestjs/common';
import { InjectMetric, makeHistogramProvider } from '@willsoto/nestjs-prometheus';
import type { Histogram } from 'prom-client';
import type { z } from 'zod';
import { collectedCounter } from '../../operations/metrics/collected.js';
import { Reports } from '../../operations/reports/reports.js';
import { Notifications } from '../database/notifications.js';
import { Cache } from './cache.js';
import { CacheMeter } from './cache-meter.js';
import { RedisConnection } from './redis-connection.js';
import { SharedTier } from './shared-tier.js';

const DURATION = 'cache_operation_duration_seconds';

export const cacheMetrics = [
  makeHistogramProvider({
    name: DURATION,
    help: 'How long Redis or a load took; looks into memory are not timed.',
    labelNames: ['cache', 'op'],
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5],
  }),
];

/**
 * Makes the caches of this process. What changes is kept in memory only, and forgotten on every instance when the change
 * commits; Redis holds what never changes, so that whatever becomes of Redis nothing is wrong.
 */
@Injectable()
export class Caches {
  private readonly meters: CacheMeter[] = [];

  constructor(
    private readonly redis: RedisConnection,
    private readonly notifications: Notifications,
    private readonly reports: Reports,
    @InjectMetric(DURATION) private readonly durations: Histogram<'cache' | 'op'>,
  ) {
    collectedCounter({
      name: 'cache_operations_total',
      help: 'Keys that were looked up in a tier of a cache, loaded, or put into Redis, by result.',
      labelNames: ['cache', 'op', 'result'],
      values: () => this.meters.flatMap(({ counts }) => counts),
    });
  }

  /** For what changes. To be called in a constructor; whoever changes something sends a word on the channel with it. */
  ofWhatChanges<Value>(name: string, channel: string, limits: { most: number; believedForMs: number }): Cache<Value> {
    const mayBelieve = () => this.notifications.isListening;
    const cache = new Cache<Value>({ ...limits, meter: this.meterOf(name), mayBelieve });
    this.notifications.listen(channel, () => cache.forget());
    this.notifications.onReconnect(() => cache.forget());
    this.report(name, cache, 'memory');
    return cache;
  }

  /** For what never changes. The schema is that of the values: plain JSON. */
  ofWhatStays<Value>(name: string, schema: z.ZodType<Value>, limits: { most: number }): Cache<Value> {
    const meter = this.meterOf(name);
    const shared = this.redis.client && new SharedTier(this.redis, `plimsoll:${name}:`, schema, meter);
    const cache = new Cache<Value>({ ...limits, believedForMs: Infinity, meter, ...(shared && { shared }) });
    this.report(name, cache, shared ? 'memory, redis' : 'memory');
    return cache;
  }

  private meterOf(name: string): CacheMeter {
    const meter = new CacheMeter(name, this.durations);
    this.meters.push(meter);
    return meter;
  }

  private report(name: string, cache: { readonly size: number }, tiers: string): void {
    this.reports.register('caches', name, () => ({ tiers, entries: cache.size }));
  }
}
