import type { IncomingHttpHeaders } from 'node:http';
import { type Metric, type OpenMetricsContentType, register, Registry } from 'prom-client';

interface Told {
  readonly name: string;
  readonly type: string;
}

/** The interface of a metric that a registry needs. */
interface Asked {
  readonly name: string;
  get(): Promise<Told>;
  /** For a histogram: labels that many series share are written once. */
  getForPromString?(): Promise<Told>;
}

/** All declared metrics, in the format that the client accepts. */
export function registryFor(headers: IncomingHttpHeaders) {
  return wantsOpenMetrics(headers) ? inOpenMetrics(register) : register;
}

/** Only this format has exemplars. */
export function wantsOpenMetrics({ accept = '' }: IncomingHttpHeaders): boolean {
  return accept.includes('application/openmetrics-text');
}

/**
 * A registry that provides the same metrics in OpenMetrics. A single registry used for both formats in turn loses the
 * `_total` of its counters, because prom-client removes it from the metric itself.
 */
export function inOpenMetrics(registry: Registry): Registry<OpenMetricsContentType> {
  const view: Registry<OpenMetricsContentType> = new Registry();
  view.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  for (const metric of registry.getMetricsAsArray() as unknown as Asked[]) {
    const get = async () => withoutTotal(await (metric.getForPromString?.() ?? metric.get()));
    view.registerMetric({ name: metric.name, get } as unknown as Metric);
  }
  return view;
}

/** The registry appends it to the samples of a counter. */
function withoutTotal(metric: Told): Told {
  return metric.type === 'counter' ? { ...metric, name: metric.name.replace(/_total$/, '') } : metric;
}
