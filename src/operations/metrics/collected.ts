import type { Counter, Gauge } from 'prom-client';

// For `collect` of a metric: what is read where it lives when somebody scrapes.

/** Of a gauge without labels. It has no value at all where there is none: 0 would tell something. */
export function setOrRemove(gauge: Gauge, value: number | undefined): void {
  if (value === undefined) gauge.remove();
  else gauge.set(value);
}

/** Of what was counted elsewhere. */
export function countAll(
  counter: Counter,
  samples: Iterable<{ readonly labels?: Readonly<Record<string, string>>; readonly value: number }>,
): void {
  counter.reset();
  for (const { labels = {}, value } of samples) counter.inc(labels, value);
}
