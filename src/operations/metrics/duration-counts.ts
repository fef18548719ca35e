/** Durations counted in buckets: what a histogram of prom-client knows of one set of labels, at a fraction of its cost. */
export class DurationCounts {
  /** Observations that fell into each bucket, not below it; those beyond the last one come last. */
  readonly #counts: number[];
  #count = 0;
  #sum = 0;

  constructor(private readonly buckets: readonly number[]) {
    this.#counts = Array.from({ length: buckets.length + 1 }, () => 0);
  }

  observe(seconds: number): void {
    this.#count += 1;
    this.#sum += seconds;
    let bucket = 0;
    while (seconds > this.buckets[bucket]!) bucket += 1;
    this.#counts[bucket]! += 1;
  }

  /** As prom-client's registry wants them. */
  values<Labels extends object>(name: string, labels: Labels) {
    let below = 0;
    const bucket = (le: number | '+Inf', value: number) => ({
      metricName: `${name}_bucket`,
      labels: { le, ...labels },
      value,
    });
    return [
      ...this.buckets.map((le, index) => bucket(le, (below += this.#counts[index]!))),
      bucket('+Inf', this.#count),
      { metricName: `${name}_sum`, labels, value: this.#sum },
      { metricName: `${name}_count`, labels, value: this.#count },
    ];
  }
}
