import { Controller, Get, Res } from '@nestjs/common';
import { PrometheusController } from '@willsoto/nestjs-prometheus';
import type { FastifyReply } from 'fastify';
import { Access } from '../access/access.js';
import { Problem } from '../problems/problem.js';
import { tracing } from '../tracing/tracing.js';
import { registryFor } from './open-metrics.js';

/** One scrape at a time: a second Prometheus that comes while the first one waits would only make both wait longer. */
@Controller()
export class MetricsController extends PrometheusController {
  #isScraped = false;

  @Get()
  @Access('open')
  override async index(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    if (this.#isScraped) throw new Problem(503, 'Another scrape is under way.', { 'Retry-After': '1' });
    this.#isScraped = true;
    try {
      // Without tracing there is nothing that only OpenMetrics can say.
      const registry = registryFor(tracing.spans ? reply.request.headers : {});
      reply.header('content-type', registry.contentType);
      return await registry.metrics();
    } finally {
      this.#isScraped = false;
    }
  }
}
