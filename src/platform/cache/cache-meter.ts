import type { Counter, Histogram } from 'prom-client';

export type CacheOp = 'memory_get' | 'shared_get' | 'shared_set' | 'load';
export type CacheResult = 'hit' | 'miss' | 'ok' | 'error';

/** Counts what one cache does. */
export class CacheMeter {
  constructor(
    private readonly cache: string,
    private readonly operations: Counter,
    private readonly durations: Histogram,
  ) {}

  count(op: CacheOp, result: CacheResult, n = 1): void {
    this.operations.inc({ cache: this.cache, op, result }, n);
  }

  /** Of what takes time, how long it took; and that it failed, where it did. */
  async time<Value>(op: CacheOp, work: () => Promise<Value>): Promise<Value> {
    const stop = this.durations.startTimer({ cache: this.cache, op });
    try {
      return await work();
    } catch (error) {
      this.count(op, 'error');
      throw error;
    } finally {
      stop();
    }
  }
}
