import { Global, Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { DrainController } from './drain.controller.js';
import { HealthChecks } from './health-checks.js';
import { HealthController, ProbesController } from './health.controller.js';
import { healthMetrics } from './health-metrics.js';
import { HealthSampler } from './health-sampler.js';
import { Readiness } from './readiness.js';
import { StartupPhases } from './startup-phases.js';

/** Terminus checks the dependencies in the background. Probes are answered from the results of the sampler. */
@Global()
@Module({
  // The sampler logs that a dependency is down, once and not at every sample.
  imports: [TerminusModule.forRoot({ logger: false })],
  controllers: [ProbesController, HealthController, DrainController],
  providers: [
    ...healthMetrics,
    HealthChecks,
    { provide: StartupPhases, useFactory: () => new StartupPhases() },
    Readiness,
    HealthSampler,
  ],
  exports: [HealthChecks, StartupPhases, Readiness],
})
export class HealthModule {}
