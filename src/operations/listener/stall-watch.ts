/** Tells from a count that the watched event loop raises, while it turns, how long it has not. */
export class StallWatch {
  #count = 0;
  #changedAt: number;

  constructor(now: number) {
    this.#changedAt = now;
  }

  observe(count: number, now: number): void {
    if (count === this.#count) return;
    this.#count = count;
    this.#changedAt = now;
  }

  stalledMs(now: number): number {
    return now - this.#changedAt;
  }
}
