import { Injectable, Logger } from '@nestjs/common';
import { Shutdown } from '../../operations/lifecycle/shutdown.js';
import { Notifications } from '../../platform/database/notifications.js';
import { type EventRow, EventsReader } from './events.reader.js';

/** What a trigger sends when rows of the outbox are committed. */
const EVENTS_APPENDED = 'events_appended';

/** A word may be lost; and a position that is missing is waited for. */
const LOOK_EVERY_MS = 500;

export type EventListener = (event: EventRow) => void;

/** A position that was skipped, and the transactions that might still commit it: all that began before this one. */
interface Gap {
  readonly position: bigint;
  readonly before: bigint;
}

/**
 * The outbox as it grows, in the order of its positions and without a hole. Positions are given before they are
 * committed: behind a missing one everything waits until no transaction is left that could commit it.
 */
@Injectable()
export class EventFeed {
  private readonly log = new Logger('EventFeed');
  private readonly listeners = new Set<EventListener>();
  private last: bigint | null = null;
  private gap: Gap | null = null;
  private looking: Promise<void> | null = null;
  private isStale = false;
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly reader: EventsReader,
    notifications: Notifications,
    shutdown: Shutdown,
  ) {
    notifications.listen(EVENTS_APPENDED, () => this.wake());
    shutdown.drainSignal.addEventListener('abort', () => this.rest());
  }

  /** Where the feed is. What is appended from now on comes to this listener, until it is taken away again. */
  async follow(listener: EventListener): Promise<bigint> {
    if (this.last === null) await this.begin();
    this.listeners.add(listener);
    this.timer ??= setInterval(() => this.wake(), LOOK_EVERY_MS).unref();
    return this.last ?? 0n;
  }

  leave(listener: EventListener): void {
    this.listeners.delete(listener);
    if (this.listeners.size === 0) this.rest();
  }

  /** Nobody listens: the next one begins where the outbox is by then. */
  private rest(): void {
    if (this.timer) clearInterval(this.timer);
    this.timer = null;
    this.last = null;
    this.gap = null;
  }

  private async begin(): Promise<void> {
    const position = await this.reader.newest();
    this.last ??= position;
  }

  private wake(): void {
    this.isStale = true;
    this.looking ??= this.look().finally(() => (this.looking = null));
  }

  private async look(): Promise<void> {
    while (this.isStale && this.listeners.size > 0) {
      this.isStale = false;
      try {
        await this.pass();
      } catch (error) {
        this.log.debug({ msg: 'The outbox was not read; it is tried again', err: error });
        return;
      }
    }
  }

  private async pass(): Promise<void> {
    const from = this.last;
    if (from === null) return;
    const { rows, oldestRunning, next } = await this.reader.after(from);
    // Everybody left meanwhile, and perhaps somebody came.
    if (this.last !== from) return;
    for (const row of rows) {
      if (!this.isNext(row.position, oldestRunning, next)) return;
      this.last = row.position;
      this.gap = null;
      for (const listener of this.listeners) listener(row);
    }
    if (rows.length > 0) this.isStale = true;
  }

  private isNext(position: bigint, oldestRunning: bigint, next: bigint): boolean {
    const missing = (this.last ?? 0n) + 1n;
    if (position === missing) return true;
    if (this.gap?.position !== missing) this.gap = { position: missing, before: next };
    return oldestRunning >= this.gap.before;
  }
}
