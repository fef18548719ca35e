import { getToken } from '@willsoto/nestjs-prometheus';
import { Histogram, register, type Registry } from 'prom-client';
import { DurationCounts, type Exemplar } from './duration-counts.js';

export const REQUEST_DURATIONS = 'http_server_request_duration_seconds';

const help = 'Duration of requests on the main port.';

const buckets = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

interface Series {
  readonly labels: { method: string; route: string; status_code: number };
  readonly durations: DurationCounts;
}

/**
 * Durations of requests by method, route and status. Prom-client joins and looks up the labels of every observation.
 * That takes half a microsecond, a third of the time that operations may use for a request. This class counts in arrays
 * that it finds by two short keys, and looks like any other histogram when it is scraped.
 */
export class RequestDurations extends Histogram {
  /** By route, then by a number for method and status. Making a string for every observation would cost the most. */
  private series!: Map<string, Map<number, Series>>;

  constructor(registers: Registry[] = [register]) {
    super({ name: REQUEST_DURATIONS, help, labelNames: ['method', 'route', 'status_code'], buckets, registers });
  }

  /** `route` is a pattern, never a path, so its values are a closed set. */
  count(method: string, route: string, statusCode: number, seconds: number, exemplar?: Exemplar): void {
    this.#seriesOf(route, methods.indexOf(method), statusCode).durations.observe(seconds, exemplar);
  }

  /** Histogram calls this in its constructor. */
  override reset(): void {
    this.series = new Map();
  }

  /** The methods that the registry and `get` call on a metric of prom-client. */
  async getForPromString() {
    const values = [...this.series.values()].flatMap((byCall) =>
      [...byCall.values()].flatMap(({ labels, durations }) => durations.values(REQUEST_DURATIONS, labels)),
    );
    return { name: REQUEST_DURATIONS, help, type: 'histogram', aggregator: 'sum', values };
  }

  #seriesOf(route: string, methodIndex: number, statusCode: number): Series {
    const byCall = this.series.get(route) ?? new Map<number, Series>();
    const call = statusCode * 10 + methodIndex;
    const known = byCall.get(call);
    if (known) return known;
    const labels = { method: methods[methodIndex] ?? '_OTHER', route, status_code: statusCode };
    const series = { labels, durations: new DurationCounts(buckets) };
    this.series.set(route, byCall.set(call, series));
    return series;
  }
}

/** Like `makeHistogramProvider`, except for the class. */
export const requestDurations = {
  provide: getToken(REQUEST_DURATIONS),
  useFactory: () =>
    (register.getSingleMetric(REQUEST_DURATIONS) as RequestDurations | undefined) ?? new RequestDurations(),
};
