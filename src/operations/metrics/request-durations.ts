import { DurationCounts } from './duration-counts.js';

const buckets = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

interface Series {
  readonly labels: { method: string; route: string; status_code: number };
  readonly durations: DurationCounts;
}

/**
 * Durations of requests by method, route and status. A histogram of prom-client's own costs a tenth of the throughput
 * of a small route, for it joins and looks up the labels of every observation; this one counts in arrays that it finds
 * by two short keys, and is a metric like any other when it is scraped.
 */
export class RequestDurations {
  readonly name = 'http_server_request_duration_seconds';
  /** By route, then by a number for method and status: strings that are made for every observation cost the most. */
  readonly #series = new Map<string, Map<number, Series>>();

  /** `route` is a pattern, never a path: its values are a closed set. */
  observe(method: string, route: string, statusCode: number, seconds: number): void {
    this.#seriesOf(route, methods.indexOf(method), statusCode).durations.observe(seconds);
  }

  /** What prom-client's registry asks of a metric. */
  async get() {
    const values = [...this.#series.values()].flatMap((byCall) =>
      [...byCall.values()].flatMap(({ labels, durations }) => durations.values(this.name, labels)),
    );
    return { name: this.name, help: 'Duration of requests on the main port.', type: 'histogram', values };
  }

  /** Likewise. */
  reset(): void {
    this.#series.clear();
  }

  #seriesOf(route: string, methodIndex: number, statusCode: number): Series {
    const byCall = this.#series.get(route) ?? new Map<number, Series>();
    const call = statusCode * 10 + methodIndex;
    const known = byCall.get(call);
    if (known) return known;
    const labels = { method: methods[methodIndex] ?? '_OTHER', route, status_code: statusCode };
    const series = { labels, durations: new DurationCounts(buckets) };
    this.#series.set(route, byCall.set(call, series));
    return series;
  }
}
