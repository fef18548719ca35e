import { Module } from '@nestjs/common';
import { PrometheusModule } from '@willsoto/nestjs-prometheus';
import { cgroupMetrics } from './cgroup-metrics.js';
import { HttpMetrics, httpMetrics } from './http-metrics.js';
import { MetricsController } from './metrics.controller.js';
import { tracingMetrics } from '../tracing/tracing-metrics.js';
import { runtimeMetrics } from './runtime-metrics.js';

/** Serves the registry in which features declare their metrics, with `makeCounterProvider` and similar functions. */
@Module({
  imports: [
    PrometheusModule.register({
      controller: MetricsController,
      // Stop prom-client's own measurement of the event loop, because we replace those gauges.
      defaultMetrics: { enabled: true, config: { eventLoopMonitoringPrecision: 3_600_000 } },
    }),
  ],
  providers: [...runtimeMetrics, ...cgroupMetrics, ...httpMetrics, ...tracingMetrics],
  exports: [HttpMetrics],
})
export class MetricsModule {}
