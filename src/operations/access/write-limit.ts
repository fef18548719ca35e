import { Injectable } from '@nestjs/common';
import { Problem } from '../problems/problem.js';

const WRITES_A_MINUTE = 10;

/** Ten writes a minute in total: nobody who changes a running process by hand needs more. */
@Injectable()
export class WriteLimit {
  #writesAt: number[] = [];

  /** Counts a write before it is made. @throws Problem 429 */
  count(now = performance.now()): void {
    this.#writesAt = this.#writesAt.filter((at) => now - at < 60_000);
    if (this.#writesAt.length >= WRITES_A_MINUTE) {
      throw new Problem(429, `At most ${WRITES_A_MINUTE} writes a minute.`, { 'Retry-After': '60' });
    }
    this.#writesAt.push(now);
  }
}
