import { type EventLoopUtilization, monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';

const TURN_EVERY_MS = 30_000;

type Delays = ReturnType<typeof monitorEventLoopDelay>;

interface Watch {
  readonly delays: Delays;
  readonly since: EventLoopUtilization;
}

/**
 * The event loop over the last 30 to 60 s, the same for every reader. Prom-client's own gauges reset at each read, so
 * that each of two scrapers sees only the data since the other's scrape.
 */
@Injectable()
export class EventLoopWindow implements OnModuleDestroy {
  #older = beginWatch();
  #newer = beginWatch();

  readonly #timer = setInterval(() => this.turn(), TURN_EVERY_MS).unref();

  onModuleDestroy(): void {
    clearInterval(this.#timer);
    for (const { delays } of [this.#older, this.#newer]) delays.disable();
  }

  /** In nanoseconds. */
  get delays(): Readonly<Delays> {
    return this.#older.delays;
  }

  /** The share of the time in which the loop was busy. */
  get utilization(): number {
    return performance.eventLoopUtilization(this.#older.since).utilization;
  }

  /** Drops the older half. */
  turn(): void {
    this.#older.delays.disable();
    [this.#older, this.#newer] = [this.#newer, beginWatch()];
  }
}

function beginWatch(): Watch {
  const delays = monitorEventLoopDelay();
  delays.enable();
  return { delays, since: performance.eventLoopUtilization() };
}
