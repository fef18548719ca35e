import { Controller, Get, Res } from '@nestjs/common';
import { PrometheusController } from '@willsoto/nestjs-prometheus';
import type { FastifyReply } from 'fastify';
import { Access } from '../access/access.js';
import { Problem } from '../problems/problem.js';
import { tracing } from '../tracing/tracing.js';
import { registryFor } from './open-metrics.js';

/** One scrape at a time: a second one during the first would only make both slower. */
@Controller()
export class MetricsController extends PrometheusController {
  #isScraped = false;

  @Get()
  @Access('open')
  override async index(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    if (this.#isScraped) throw new Problem(503, 'Another scrape is under way.', { 'Retry-After': '1' });
    this.#isScraped = true;
    try {
      // Without tracing, OpenMetrics would contain nothing more.
      const registry = registryFor(tracing.spans ? reply.request.headers : {});
      reply.header('content-type', registry.contentType);
      return await registry.metrics();
    } finally {
      this.#isScraped = false;
    }
  }
}
