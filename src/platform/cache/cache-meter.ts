import type { Histogram } from 'prom-client';

export type CacheOp = 'memory_get' | 'shared_get' | 'shared_set' | 'load';
export type CacheResult = 'hit' | 'miss' | 'ok' | 'error';

/** Counts what one cache does. */
export class CacheMeter {
  readonly #counts = new Map<string, { labels: { cache: string; op: CacheOp; result: CacheResult }; value: number }>();

  constructor(
    private readonly cache: string,
    private readonly durations: Histogram<'cache' | 'op'>,
  ) {}

  get counts() {
    return [...this.#counts.values()];
  }

  count(op: CacheOp, result: CacheResult, n = 1): void {
    const key = `${op} ${result}`;
    const count = this.#counts.get(key) ?? { labels: { cache: this.cache, op, result }, value: 0 };
    count.value += n;
    this.#counts.set(key, count);
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
