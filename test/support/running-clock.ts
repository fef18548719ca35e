import { Clock } from '../../src/platform/clock.js';

/** Runs as the system's does, and can be put forward. */
export class RunningClock extends Clock {
  private aheadMs = 0;

  override now(): Date {
    return new Date(Date.now() + this.aheadMs);
  }

  advance(ms: number): void {
    this.aheadMs += ms;
  }
}
