import { Injectable } from '@nestjs/common';
import { type Metric, register } from 'prom-client';
import { collectedCounter, collectedGauge } from './collected.js';
import { RequestDurations } from './request-durations.js';

/** What is counted on the main port. */
@Injectable()
export class HttpMetrics {
  active = 0;
  aborted = 0;
  readonly durations = new RequestDurations();

  constructor() {
    register.removeSingleMetric(this.durations.name);
    register.registerMetric(this.durations as unknown as Metric);
    collectedGauge({
      name: 'http_server_active_requests',
      help: 'Requests on the main port that are being answered.',
      values: () => [{ value: this.active }],
    });
    collectedCounter({
      name: 'http_server_aborted_requests_total',
      help: 'Requests on the main port whose client went away before the answer was sent.',
      values: () => [{ value: this.aborted }],
    });
  }
}
