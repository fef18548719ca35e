import { Injectable } from '@nestjs/common';
import { InjectMetric, makeCounterProvider, makeGaugeProvider } from '@willsoto/nestjs-prometheus';
import type { Counter, Gauge } from 'prom-client';
import { countAll } from './collected.js';
import { REQUEST_DURATIONS, RequestDurations, requestDurations } from './request-durations.js';

/** The counters of the main port. */
@Injectable()
export class HttpMetrics {
  active = 0;
  aborted = 0;
  /** The limits of the main port, once they exist. */
  connections: { readonly count: number; readonly closed: number } = { count: 0, closed: 0 };
  bytes: { readonly held: number } = { held: 0 };

  constructor(@InjectMetric(REQUEST_DURATIONS) readonly durations: RequestDurations) {}
}

export const httpMetrics = [
  HttpMetrics,
  requestDurations,
  makeGaugeProvider({
    name: 'http_server_active_requests',
    help: 'Requests on the main port that are being answered.',
    inject: [HttpMetrics],
    collect(this: Gauge, { active }: HttpMetrics) {
      this.set(active);
    },
  }),
  makeCounterProvider({
    name: 'http_server_aborted_requests_total',
    help: 'Requests on the main port whose client went away before the answer was sent.',
    inject: [HttpMetrics],
    collect(this: Counter, { aborted }: HttpMetrics) {
      countAll(this, [{ value: aborted }]);
    },
  }),
  makeGaugeProvider({
    name: 'http_server_connections',
    help: 'Connections of the main port.',
    inject: [HttpMetrics],
    collect(this: Gauge, { connections }: HttpMetrics) {
      this.set(connections.count);
    },
  }),
  makeCounterProvider({
    name: 'http_server_displaced_connections_total',
    help: 'Connections of the main port that were closed or refused, because there were MAX_CONNECTIONS.',
    inject: [HttpMetrics],
    collect(this: Counter, { connections }: HttpMetrics) {
      countAll(this, [{ value: connections.closed }]);
    },
  }),
  makeGaugeProvider({
    name: 'http_server_in_flight_bytes',
    help: 'What bodies and large answers of the main port hold of their budget.',
    inject: [HttpMetrics],
    collect(this: Gauge, { bytes }: HttpMetrics) {
      this.set(bytes.held);
    },
  }),
];
