import type { CacheMeter } from './cache-meter.js';
import type { SharedTier } from './shared-tier.js';
import { Turns } from '../turns.js';

export interface CacheOptions<Value> {
  /** Entries in memory; the one that was not used for longest goes first. */
  readonly most: number;
  readonly believedForMs: number;
  /** What `get` did not find is kept as well, apart from the entries, so that it cannot crowd them out. */
  readonly absent?: { readonly most: number; readonly believedForMs: number };
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
  /** Until when they are believed not to be there. */
  readonly absent = new Map<string, number>();
  readonly loading = new Map<string, Promise<ReadonlyMap<string, Value>>>();
}

/**
 * Values at hand, in memory and perhaps in Redis behind it. However many ask for a key at once, it is loaded once. What
 * a load does not find is not kept unless the options say so; what it throws reaches everybody who waits for it.
 */
export class Cache<Value> {
  #generation = new Generation<Value>();
  readonly #turns = new Turns<Value | null>();

  constructor(private readonly options: CacheOptions<Value>) {}

  get size(): number {
    return this.#generation.kept.size;
  }

  /**
   * The value itself where it is at hand: on a hot path a promise would cost more than the look. `mayLoad` is called
   * before a load begins, and throws to refuse it.
   */
  get(key: string, load: () => Promise<Value | null>, mayLoad?: () => void): Value | null | Promise<Value | null> {
    if (this.#isAbsent(key)) return null;
    const kept = this.#peek(key);
    if (kept !== undefined) return kept;
    if (!this.#generation.loading.has(key)) mayLoad?.();
    const loadOne = async () => {
      const value = await this.#turns.take(key, load);
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

  #isAbsent(key: string): boolean {
    const until = this.#generation.absent.get(key);
    if (until === undefined || until <= performance.now() || !this.#mayBelieve()) return false;
    this.options.meter.count('memory_get', 'hit');
    return true;
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
      .then((found) => this.#keep(generation, keys, found))
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

  #keep(
    { kept, absent }: Generation<Value>,
    keys: readonly string[],
    found: ReadonlyMap<string, Value>,
  ): ReadonlyMap<string, Value> {
    const now = performance.now();
    const { most, believedForMs, absent: keeping } = this.options;
    for (const [key, value] of found) {
      makeRoom(kept, most);
      kept.set(key, { value, until: now + believedForMs });
    }
    if (keeping) {
      for (const key of keys.filter((asked) => !found.has(asked))) {
        makeRoom(absent, keeping.most);
        absent.set(key, now + keeping.believedForMs);
      }
    }
    return found;
  }

  #mayBelieve(): boolean {
    return this.options.mayBelieve?.() ?? true;
  }
}

function makeRoom(entries: Map<string, unknown>, most: number): void {
  const [oldest] = entries.keys();
  if (entries.size >= most && oldest !== undefined) entries.delete(oldest);
}
