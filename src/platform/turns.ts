/**
 * One load at a time for each key. Who asks while one is under way waits for the next one, and shares it with all who
 * wait: it began after each of them asked, and so misses nothing that had happened by then.
 */
export class Turns<Value> {
  readonly #underWay = new Map<string, Promise<Value>>();
  readonly #next = new Map<string, Promise<Value>>();

  take(key: string, load: () => Promise<Value>): Promise<Value> {
    const underWay = this.#underWay.get(key);
    if (!underWay) return this.#begin(key, load);
    const known = this.#next.get(key);
    if (known) return known;
    const begin = () => {
      this.#next.delete(key);
      // One that somebody has begun since then will do.
      return this.#underWay.get(key) ?? this.#begin(key, load);
    };
    const next = underWay.then(begin, begin);
    this.#next.set(key, next);
    return next;
  }

  #begin(key: string, load: () => Promise<Value>): Promise<Value> {
    const loading = load().finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, loading);
    return loading;
  }
}
