import type { CacheMeter } from './cache-meter.js';
import type { SharedTier } from './shared-tier.js';

export interface CacheOptions<Value> {
  /** Entries in memory; the one that was not used for longest goes first. */
  readonly most: number;
  readonly believedForMs: number;
  readonly meter: CacheMeter;
  /** Only for values that never change: nobody can take back what Redis holds while it is out of reach. */
  readonly shared?: SharedTier<Value>;
  /** While this says no, everything is loaded anew: nobody would hear if it had changed. */
  readonly mayBelieve?: () => boolean;
}

type Load<Value> = (keys: readonly string[]) => Promise<ReadonlyMap<string, Value>>;

/** What is kept and what is being loaded; put away as a whole when it is no longer to be believed. */
class Generation<Value> {
  readonly kept = new Map<string, { value: Value; until: number }>();
  readonly loading = new Map<string, Promise<ReadonlyMap<string, Value>>>();
}

/**
 * Values at hand, in memory and perhaps in Redis behind it. However many ask for a key at once, it is loaded once. What
 * a load does not find is not kept; what it throws reaches everybody who waits for it.
 */
export class Cache<Value> {
  #generation = new Generation<Value>();

  constructor(private readonly options: CacheOptions<Value>) {}

  get size(): number {
    return this.#generation.kept.size;
  }

  /** The value itself where it is at hand: on a hot path a promise would cost more than the look. */
  get(key: string, load: () => Promise<Value | null>): Value | Promise<Value | null> {
    const kept = this.#peek(key);
    if (kept !== undefined) return kept;
    const loadOne = async () => {
      const value = await load();
      return new Map(value === null ? [] : [[key, value]]);
    };
    return this.#obtain([key], loadOne).then((found) => found.get(key) ?? null);
  }

  /** `load` is called once, with the keys that are not at hand. What it does not find is not in the answer. */
  async getMany(keys: readonly string[], load: Load<Value>): Promise<Map<string, Value>> {
    const found = new Map<string, Value>();
    for (const key of keys) {
      const kept = this.#peek(key);
      if (kept !== undefined) found.set(key, kept);
    }
    const missing = keys.filter((key) => !found.has(key));
    return missing.length === 0 ? found : new Map([...found, ...(await this.#obtain(missing, load))]);
  }

  /** Nothing that is kept, or that is being loaded now, is believed any more. */
  forget(): void {
    this.#generation = new Generation();
  }

  #peek(key: string): Value | undefined {
    const { kept } = this.#generation;
    const entry = this.#mayBelieve() ? kept.get(key) : undefined;
    if (!entry || entry.until <= performance.now()) {
      this.options.meter.count('memory_get', 'miss');
      return undefined;
    }
    // Maps keep the order of coming: used last, gone last.
    kept.delete(key);
    kept.set(key, entry);
    this.options.meter.count('memory_get', 'hit');
    return entry.value;
  }

  /** Joins the loads that are under way, and begins one for the keys that nobody loads yet. */
  async #obtain(keys: readonly string[], load: Load<Value>): Promise<Map<string, Value>> {
    // One under way may have begun before a change that nobody hears of: then it is not joined.
    const generation = this.#mayBelieve() ? this.#generation : new Generation<Value>();
    const fresh = keys.filter((key) => !generation.loading.has(key));
    if (fresh.length > 0) this.#begin(generation, fresh, load);
    const loads = keys.map(async (key) => [key, (await generation.loading.get(key))?.get(key)] as const);
    const found = new Map<string, Value>();
    for (const [key, value] of await Promise.all(loads)) if (value !== undefined) found.set(key, value);
    return found;
  }

  #begin(generation: Generation<Value>, keys: readonly string[], load: Load<Value>): void {
    const loading = this.#loadThrough(keys, load)
      .then((found) => this.#keep(generation, found))
      .finally(() => {
        for (const key of keys) generation.loading.delete(key);
      });
    for (const key of keys) generation.loading.set(key, loading);
  }

  async #loadThrough(keys: readonly string[], load: Load<Value>): Promise<ReadonlyMap<string, Value>> {
    const { shared, meter } = this.options;
    const known = shared ? await shared.getMany(keys) : new Map<string, Value>();
    const unknown = keys.filter((key) => !known.has(key));
    if (unknown.length === 0) return known;
    const loaded = await meter.time('load', () => load(unknown));
    meter.count('load', 'ok', loaded.size);
    if (loaded.size > 0) void shared?.setMany(loaded);
    return new Map([...known, ...loaded]);
  }

  #keep({ kept }: Generation<Value>, found: ReadonlyMap<string, Value>): ReadonlyMap<string, Value> {
    const { most, believedForMs } = this.options;
    for (const [key, value] of found) {
      const [oldest] = kept.keys();
      if (kept.size >= most && oldest !== undefined) kept.delete(oldest);
      kept.set(key, { value, until: performance.now() + believedForMs });
    }
    return found;
  }

  #mayBelieve(): boolean {
    return this.options.mayBelieve?.() ?? true;
  }
}
