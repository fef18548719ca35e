import type { IncomingHttpHeaders } from 'node:http';
import { type Metric, type OpenMetricsContentType, register, Registry } from 'prom-client';

interface Told {
  readonly name: string;
  readonly type: string;
}

/** What a registry asks of a metric. */
interface Asked {
  readonly name: string;
  get(): Promise<Told>;
  /** Of a histogram, with labels that many series share written once. */
  getForPromString?(): Promise<Told>;
}

/** Of everything that was declared, in the format that a client accepts. */
export function registryFor(headers: IncomingHttpHeaders) {
  return wantsOpenMetrics(headers) ? inOpenMetrics(register) : register;
}

/** Only this format has exemplars. */
export function wantsOpenMetrics({ accept = '' }: IncomingHttpHeaders): boolean {
  return accept.includes('application/openmetrics-text');
}

/**
 * A registry that gives the same metrics in OpenMetrics. A registry that is asked for both formats in turn loses the
 * `_total` of its counters: prom-client takes it off the metric itself.
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
