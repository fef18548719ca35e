import { Controller, Module } from '@nestjs/common';
import { PrometheusModule } from '@willsoto/nestjs-prometheus';
import { HttpMetrics } from './http-metrics.js';

/** Takes the place of the module's own controller, which would stand on the main port: the registry is served there not. */
@Controller()
class NoMetricsController {}

/** The registry that features declare their metrics in, with `makeCounterProvider` and its like. */
@Module({
  imports: [PrometheusModule.register({ controller: NoMetricsController, defaultMetrics: { enabled: false } })],
  providers: [HttpMetrics],
  exports: [HttpMetrics],
})
export class MetricsModule {}
