import { Injectable } from '@nestjs/common';

/** How often each path was answered with which status. Paths are patterns of routes, so there are few. */
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
