import { Module } from '@nestjs/common';
import { PrometheusModule } from '@willsoto/nestjs-prometheus';
import { cgroupMetrics } from './cgroup-metrics.js';
import { HttpMetrics, httpMetrics } from './http-metrics.js';
import { MetricsController } from './metrics.controller.js';
import { tracingMetrics } from '../tracing/tracing-metrics.js';
import { runtimeMetrics } from './runtime-metrics.js';

/** Serves the registry that features declare their metrics in, with `makeCounterProvider` and its like. */
@Module({
  imports: [
    PrometheusModule.register({
      controller: MetricsController,
      // prom-client's own gauges of the event loop's delays are replaced: its watch rests.
      defaultMetrics: { enabled: true, config: { eventLoopMonitoringPrecision: 3_600_000 } },
    }),
  ],
  providers: [...runtimeMetrics, ...cgroupMetrics, ...httpMetrics, ...tracingMetrics],
  exports: [HttpMetrics],
})
export class MetricsModule {}
