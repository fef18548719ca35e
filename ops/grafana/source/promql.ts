/** Pieces that many queries have. Grafana makes `$__rate_interval` at least four scrapes. */
export const perSecond = (series: string, by = '') => `sum${grouped(by)} (rate(${series}[$__rate_interval]))`;

/** The quantile of a histogram that is named without `_bucket`; `selector` is what stands in its braces. */
export const quantile = (share: number, histogram: string, selector = '', by = '') =>
  `histogram_quantile(${share}, ${perSecond(`${histogram}_bucket{${selector}}`, by === '' ? 'le' : `le, ${by}`)})`;

const grouped = (by: string) => (by === '' ? '' : ` by (${by})`);
