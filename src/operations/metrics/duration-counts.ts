/** What tells of one observation where to find more about it: ids of its trace. */
export type Exemplar = Readonly<Record<string, string>>;

/** Durations counted in buckets: what a histogram of prom-client knows of one set of labels, at a fraction of its cost. */
export class DurationCounts {
  /** Observations that fell into each bucket, not below it; those beyond the last one come last. */
  readonly #counts: number[];
  /** The newest of each bucket; most histograms have none. */
  #exemplars: Array<{ labelSet: Exemplar; value: number; timestamp: number } | undefined> | undefined;
  #count = 0;
  #sum = 0;

  constructor(private readonly buckets: readonly number[]) {
    this.#counts = Array.from({ length: buckets.length + 1 }, () => 0);
  }

  observe(seconds: number, exemplar?: Exemplar): void {
    this.#count += 1;
    this.#sum += seconds;
    let bucket = 0;
    while (seconds > this.buckets[bucket]!) bucket += 1;
    this.#counts[bucket]! += 1;
    if (!exemplar) return;
    this.#exemplars ??= [];
    this.#exemplars[bucket] = { labelSet: exemplar, value: seconds, timestamp: Date.now() / 1000 };
  }

  /** As prom-client's registry wants them. */
  values<Labels extends object>(name: string, labels: Labels) {
    let below = 0;
    const bucket = (le: number | '+Inf', value: number, index: number) => ({
      metricName: `${name}_bucket`,
      labels: { le, ...labels },
      sharedLabels: {},
      value,
      exemplar: this.#exemplars?.[index],
    });
    return [
      ...this.buckets.map((le, index) => bucket(le, (below += this.#counts[index]!), index)),
      bucket('+Inf', this.#count, this.buckets.length),
      { metricName: `${name}_sum`, labels, sharedLabels: {}, value: this.#sum },
      { metricName: `${name}_count`, labels, sharedLabels: {}, value: this.#count },
    ];
  }
}
