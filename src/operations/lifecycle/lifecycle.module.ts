import { Global, Logger, Module, type OnApplicationShutdown, type OnModuleDestroy } from '@nestjs/common';
import { lifecycleMetrics } from './lifecycle-metrics.js';
import { ProcessPhase } from './process-phase.js';
import { Shutdown } from './shutdown.js';
import { StallWatch } from './stall-watch.js';

/** The phase of the process, and what must be closed at its end. */
@Global()
@Module({
  providers: [...lifecycleMetrics, ProcessPhase, Shutdown, StallWatch],
  exports: [ProcessPhase, Shutdown, StallWatch],
})
export class LifecycleModule {}

/**
 * In the service application: runs the shutdown steps when its listener is closed. Not global: Nest closes global
 * modules last, and the steps must run before TypeORM's module closes the database.
 */
@Module({})
export class ShutdownModule implements OnModuleDestroy, OnApplicationShutdown {
  readonly #logger = new Logger(LifecycleModule.name);

  constructor(private readonly shutdown: Shutdown) {}

  /** For applications that are closed without a signal, as in tests, where a long poll would delay `close`. */
  onModuleDestroy(): void {
    this.shutdown.beginDraining();
  }

  async onApplicationShutdown(): Promise<void> {
    for (const step of await this.shutdown.steps.run()) {
      if (step.outcome === 'closed') this.#logger.debug(`${step.name} closed`);
      else
        this.#logger.warn({
          msg: `${step.name} ${step.outcome} at shutdown`,
          err: 'error' in step ? step.error : undefined,
        });
    }
  }
}
