import { Injectable } from '@nestjs/common';

/** The number of answers by path and status. Paths are route patterns, so there are few. */
@Injectable()
export class OpsCounts {
  readonly #counts = new Map<string, { labels: { path: string; status_code: string }; value: number }>();

  add(path: string, status: number): void {
    const key = `${status} ${path}`;
    const count = this.#counts.get(key) ?? { labels: { path, status_code: String(status) }, value: 0 };
    count.value += 1;
    this.#counts.set(key, count);
  }

  values() {
    return this.#counts.values();
  }
}
