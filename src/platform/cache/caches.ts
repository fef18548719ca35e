import { Injectable } from '@nestjs/common';
import {
  InjectMetric,
  makeCounterProvider,
  makeGaugeProvider,
  makeHistogramProvider,
} from '@willsoto/nestjs-prometheus';
import type { Counter, Gauge, Histogram } from 'prom-client';
import type { z } from 'zod';
import { Reports } from '../../operations/reports/reports.js';
import { Notifications } from '../database/notifications.js';
import { Cache, type CacheOptions } from './cache.js';
import { CacheMeter } from './cache-meter.js';
import { RedisConnection } from './redis-connection.js';
import { SharedTier } from './shared-tier.js';

type Limits = Pick<CacheOptions<unknown>, 'most' | 'believedForMs' | 'absent'>;

const DURATION = 'cache_operation_duration_seconds';
const OPERATIONS = 'cache_operations_total';

/**
 * Makes the caches of this process. What changes is kept in memory only, and forgotten on every instance when the change
 * commits; Redis holds what never changes, so that whatever becomes of Redis nothing is wrong.
 */
@Injectable()
export class Caches {
  constructor(
    private readonly redis: RedisConnection,
    private readonly notifications: Notifications,
    private readonly reports: Reports,
    @InjectMetric(DURATION) private readonly durations: Histogram,
    @InjectMetric(OPERATIONS) private readonly operations: Counter,
  ) {}

  /** For what changes. To be called in a constructor; whoever changes something sends a word on the channel with it. */
  ofWhatChanges<Value>(name: string, channel: string, limits: Limits): Cache<Value> {
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
    return new CacheMeter(name, this.operations, this.durations);
  }

  private report(name: string, cache: { readonly size: number }, tiers: string): void {
    this.reports.register('caches', name, () => ({ tiers, entries: cache.size }));
  }
}

export const cacheMetrics = [
  makeHistogramProvider({
    name: DURATION,
    help: 'How long Redis or a load took; looks into memory are not timed.',
    labelNames: ['cache', 'op'],
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5],
  }),
  makeCounterProvider({
    name: OPERATIONS,
    help: 'Keys that were looked up in a tier of a cache, loaded, or put into Redis, by result.',
    labelNames: ['cache', 'op', 'result'],
  }),
  makeGaugeProvider({
    name: 'redis_connection_state',
    help: '1 while the connection to Redis is ready for commands.',
    inject: [RedisConnection],
    collect(this: Gauge, { client }: RedisConnection) {
      if (client) this.set(Number(client.status === 'ready'));
      else this.remove();
    },
  }),
];
