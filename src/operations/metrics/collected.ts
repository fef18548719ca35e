import { Counter, Gauge, register } from 'prom-client';

interface Collected<Label extends string> {
  name: string;
  help: string;
  labelNames?: readonly Label[];
  /** The values of now, asked for when somebody scrapes. */
  values: () => Iterable<{ labels?: Partial<Record<Label, string>>; value: number }>;
}

// Of several applications in one process, as in tests, the newest is shown.

/** A gauge that is read where its value lives instead of being told of every change. */
export function collectedGauge<Label extends string>({ values, ...metric }: Collected<Label>): Gauge<Label> {
  register.removeSingleMetric(metric.name);
  return new Gauge({
    labelNames: [],
    ...metric,
    collect() {
      this.reset();
      for (const { labels = {}, value } of values()) this.set(labels, value);
    },
  });
}

/** The same for what only grows. */
export function collectedCounter<Label extends string>({ values, ...metric }: Collected<Label>): Counter<Label> {
  register.removeSingleMetric(metric.name);
  return new Counter({
    labelNames: [],
    ...metric,
    collect() {
      this.reset();
      for (const { labels = {}, value } of values()) this.inc(labels, value);
    },
  });
}
