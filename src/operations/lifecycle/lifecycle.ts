import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Settings } from '../config/settings.js';
import type { UnexpectedErrors } from '../errors/unexpected-errors.js';
import type { ServiceLog } from '../logging/service-log.js';
import { tracing } from '../tracing/tracing.js';
import type { ProcessPhase } from './process-phase.js';
import type { Shutdown } from './shutdown.js';

/** Time in which aborted requests can still answer their clients. */
const LAST_WORDS_MS = 250;
const FLUSH_WITHIN_MS = 2000;
const REPORT_WITHIN_MS = 1000;
const HURRIED_FLUSH_WITHIN_MS = 100;

/** 5 s before the deadline. If the delay leaves less time than that, half-way between delay and deadline. */
export function stragglersAfterMs(delayMs: number, deadlineMs: number): number {
  return Math.max(deadlineMs - 5000, (delayMs + deadlineMs) / 2);
}

interface Parts {
  settings: Pick<Settings, 'shutdownDelayMs' | 'shutdownDeadlineMs'>;
  phase: ProcessPhase;
  shutdown: Shutdown;
  log: ServiceLog;
  errors: UnexpectedErrors;
}

interface Ending {
  closeListener: () => Promise<void>;
  exit: (code: number) => void;
}

/** Moves the process through its phases, from the first signal or fatal error to the exit. */
export class Lifecycle {
  #application: NestFastifyApplication | undefined;

  constructor(
    private readonly process: Parts,
    private readonly ending: Ending,
  ) {
    process.phase.onChange((current, previous) => {
      process.log.logger.info({ context: 'Lifecycle', from: previous, to: current }, 'phase changed');
      if (current === 'draining') void this.#drain(previous === 'ready');
      if (current === 'stopped') void this.#end();
    });
  }

  /** From here on draining closes the listener. */
  set application(application: NestFastifyApplication) {
    this.#application = application;
  }

  onSignal(signal: string): void {
    this.process.log.logger.info({ context: 'Lifecycle' }, `received ${signal}`);
    this.process.phase.apply('signal');
  }

  /** Handles uncaught errors, including a failed start. */
  onFatal(error: unknown): void {
    this.process.log.logger.fatal({ context: 'Lifecycle', err: error }, 'a fatal error ends the process');
    this.process.phase.apply('fatal');
  }

  async #drain(wasReady: boolean): Promise<void> {
    const { phase, shutdown, settings } = this.process;
    const { shutdownDelayMs, shutdownDeadlineMs } = settings;
    setTimeout(() => phase.apply('deadline'), shutdownDeadlineMs);
    setTimeout(() => void this.#abortStragglers(), stragglersAfterMs(shutdownDelayMs, shutdownDeadlineMs));
    shutdown.beginDraining();
    // Never ready, so no traffic to drain.
    if (wasReady) await delay(shutdownDelayMs);
    await this.#close().catch((error: unknown) => this.onFatal(error));
    await Promise.all([
      this.process.errors.flush(REPORT_WITHIN_MS),
      tracing.close(),
      this.process.log.destination.flush(FLUSH_WITHIN_MS),
    ]);
    await this.ending.closeListener();
    phase.apply('closed');
  }

  /** Closing the application runs the shutdown steps. Without an application, or if closing it fails, they run here. */
  async #close(): Promise<void> {
    try {
      await this.#application?.close();
    } finally {
      await this.process.shutdown.steps.run();
    }
  }

  async #abortStragglers(): Promise<void> {
    this.process.shutdown.abortStragglers();
    await delay(LAST_WORDS_MS);
    this.#application?.getHttpServer().closeAllConnections();
  }

  async #end(): Promise<void> {
    await this.process.log.destination.flush(HURRIED_FLUSH_WITHIN_MS);
    this.ending.exit(this.process.phase.exitCode);
  }
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
