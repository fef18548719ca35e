/** How often each path was answered with which status. Paths are patterns of routes, so there are few. */
export class OpsCounts {
  readonly #counts = new Map<string, { labels: { path: string; status_code: string }; value: number }>();

  /** Counted elsewhere: the listener's thread answers `/livez` by itself. */
  livez: () => { ok: number; broken: number } = () => ({ ok: 0, broken: 0 });

  add(path: string, status: number): void {
    const key = `${status} ${path}`;
    const count = this.#counts.get(key) ?? { labels: { path, status_code: String(status) }, value: 0 };
    count.value += 1;
    this.#counts.set(key, count);
  }

  values() {
    const { ok, broken } = this.livez();
    return [
      ...this.#counts.values(),
      { labels: { path: '/livez', status_code: '200' }, value: ok },
      { labels: { path: '/livez', status_code: '503' }, value: broken },
    ];
  }
}
