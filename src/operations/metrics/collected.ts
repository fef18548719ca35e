import type { Counter, Gauge } from 'prom-client';

// For `collect` of a metric: reads the value from its owner at each scrape.

/** For a gauge without labels. A missing value stays missing, because 0 would be a statement. */
export function setOrRemove(gauge: Gauge, value: number | undefined): void {
  if (value === undefined) gauge.remove();
  else gauge.set(value);
}

/** For a value that is counted elsewhere. */
export function countAll(
  counter: Counter,
  samples: Iterable<{ readonly labels?: Readonly<Record<string, string>>; readonly value: number }>,
): void {
  counter.reset();
  for (const { labels = {}, value } of samples) counter.inc(labels, value);
}
