import { Worker } from 'node:worker_threads';
import type { ServiceLog } from '../logging/service-log.js';
import { slots } from './stall-watch-data.js';

const BEAT_EVERY_MS = 500;
/** A shorter stall is a long garbage collection or a busy machine. */
const STALL_WORTH_TELLING_MS = 2000;

interface Watched {
  /** After this time the process ends with 70; 0: never. */
  readonly deadlineMs: number;
  readonly log: ServiceLog;
  /** Whether stalls are logged. During the start, loading modules blocks the loop and harms nobody. */
  readonly isWatched: () => boolean;
}

/**
 * Watches the event loop. A stall that ends is logged. If it does not end, a separate thread ends the process, because
 * a blocked loop answers nothing and cannot end the process itself.
 */
export class StallWatch {
  readonly #shared = new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT));
  #beatAt = performance.now();

  start({ deadlineMs, log, isWatched }: Watched): void {
    setInterval(() => this.#beat(log, isWatched), BEAT_EVERY_MS).unref();
    if (deadlineMs === 0) return;
    const workerData = { shared: this.#shared.buffer, deadlineMs };
    const thread = new Worker(new URL('stall-watch-worker.js', import.meta.url), {
      workerData,
      execArgv: [],
      // The thread needs no secrets, and no options of the process.
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 2 },
    });
    thread.unref();
    // Nothing depends on the thread: without it a stall is only not ended.
    thread.on('error', (err) => log.logger.warn({ context: 'StallWatch', err }, 'nobody watches for a stall any more'));
  }

  /** Allows work that is known to block the loop to take its time. */
  async lookAwayDuring(work: () => Promise<void>): Promise<void> {
    Atomics.add(this.#shared, slots.isBlind, 1);
    await work().finally(() => Atomics.sub(this.#shared, slots.isBlind, 1));
  }

  #beat({ logger }: ServiceLog, isWatched: () => boolean): void {
    Atomics.add(this.#shared, slots.beats, 1);
    const stalledMs = Math.round(performance.now() - this.#beatAt) - BEAT_EVERY_MS;
    this.#beatAt = performance.now();
    if (stalledMs > STALL_WORTH_TELLING_MS && isWatched()) {
      logger.warn({ context: 'Operations', stalledMs }, 'the event loop was stalled');
    }
  }
}
