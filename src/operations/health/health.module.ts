import { Global, Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { DrainController } from './drain.controller.js';
import { HealthChecks } from './health-checks.js';
import { HealthController, ProbesController } from './health.controller.js';
import { healthMetrics } from './health-metrics.js';
import { HealthSampler } from './health-sampler.js';
import { Readiness } from './readiness.js';
import { StartupPhases } from './startup-phases.js';

/** Terminus asks the dependencies in the background; a probe is answered from what the sampler has found. */
@Global()
@Module({
  // The sampler says itself what is down, once, and not at every sample.
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
