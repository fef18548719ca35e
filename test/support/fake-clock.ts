import { Clock } from '../../src/platform/clock.js';

/** Stands still until it is told to go on. */
export class FakeClock extends Clock {
  private current: number;

  constructor(start = new Date()) {
    super();
    this.current = start.getTime();
  }

  override now(): Date {
    return new Date(this.current);
  }

  advance(ms: number): void {
    this.current += ms;
  }

  set(time: Date): void {
    this.current = time.getTime();
  }
}
