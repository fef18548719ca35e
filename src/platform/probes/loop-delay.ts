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
  private beatAt = now();

  watch(): LoopWatch {
    if (this.watches === 0) this.start();
    this.watches += 1;
    const before = this.lostUntil(now());
    const lost = () => this.lostUntil(now()) - before;
    return {
      get lostMs() {
        return lost();
      },
      end: () => this.leave(),
    };
  }

  private start(): void {
    this.beatAt = now();
    this.timer = setInterval(() => this.beat(), BEAT_MS).unref();
  }

  private leave(): void {
    this.watches -= 1;
    if (this.watches > 0 || !this.timer) return;
    clearInterval(this.timer);
    this.timer = null;
  }

  /** Of one reading: what is lost between two would count in neither beat. */
  private beat(): void {
    const at = now();
    this.lostMs = this.lostUntil(at);
    this.beatAt = at;
  }

  /** A standstill counts before the beat that is late: timers that were due in it come before it, or after. */
  private lostUntil({ ms, wallMs }: Instant): number {
    const lateMs = Math.max(ms - this.beatAt.ms, wallMs - this.beatAt.wallMs) - BEAT_MS;
    return this.lostMs + (lateMs < TOLERATED_MS ? 0 : lateMs);
  }
}

/** The monotonic clock stands still while the machine is suspended, the wall clock does not. */
interface Instant {
  readonly ms: number;
  readonly wallMs: number;
}

function now(): Instant {
  return { ms: performance.now(), wallMs: Date.now() };
}
