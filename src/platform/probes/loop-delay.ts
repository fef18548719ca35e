import { Injectable } from '@nestjs/common';

const BEAT_MS = 20;
/** Timers are never quite on time: what is less than this is no standstill. */
const TOLERATED_MS = 10;

/** A watch over the event loop that somebody keeps for as long as something of theirs is in flight. */
export interface LoopWatch {
  /** For how long the loop stood still since the watch began. */
  readonly lostMs: number;
  end(): void;
}

/**
 * How long this process itself stood still: busy, suspended, without a processor, or asleep with its machine. Whatever
 * waits meanwhile seems late, and is not. It beats only while somebody watches.
 */
@Injectable()
export class LoopDelay {
  private watches = 0;
  private timer: NodeJS.Timeout | null = null;
  private lostMs = 0;
  private beatAtMs = 0;
  private beatAtWallMs = 0;

  watch(): LoopWatch {
    if (this.watches === 0) this.start();
    this.watches += 1;
    const before = this.lostUntilNow();
    const lost = () => this.lostUntilNow() - before;
    return {
      get lostMs() {
        return lost();
      },
      end: () => this.leave(),
    };
  }

  private start(): void {
    this.mark();
    this.timer = setInterval(() => this.beat(), BEAT_MS).unref();
  }

  private leave(): void {
    this.watches -= 1;
    if (this.watches > 0 || !this.timer) return;
    clearInterval(this.timer);
    this.timer = null;
  }

  private beat(): void {
    this.lostMs = this.lostUntilNow();
    this.mark();
  }

  private mark(): void {
    this.beatAtMs = performance.now();
    this.beatAtWallMs = Date.now();
  }

  /** A standstill counts before the beat that is late: timers that were due in it come before it, or after. */
  private lostUntilNow(): number {
    // The monotonic clock stands still while the machine is suspended, the wall clock does not.
    const sinceMs = Math.max(performance.now() - this.beatAtMs, Date.now() - this.beatAtWallMs);
    const lateMs = sinceMs - BEAT_MS;
    return this.lostMs + (lateMs < TOLERATED_MS ? 0 : lateMs);
  }
}
