import { setTimeout as delay } from 'node:timers/promises';
import type { Measurement } from '../store/measurement-store.js';
import type { Outage } from './outage.js';

/** How long a measurement may wait so that others are written with it. */
const GATHER_MS = 150;
const MAX_BATCH = 1000;
const RETRY_AFTER_MS = 500;

/** Without the database, about a minute of the load for which an instance is built. */
const MAX_WAITING = 50_000;

export interface Writing<Entry extends Measurement> {
  /** False if the lease is lost, and nothing was stored. */
  readonly store: (batch: readonly Entry[]) => Promise<boolean>;
  readonly onStored: (entry: Entry) => void;
  readonly onLeaseLost: () => void;
  /** With this many waiting, no more should be made until some are written. */
  readonly onFull: () => void;
  readonly onRoom: () => void;
  readonly outage: Outage;
}

/** Writes measurements in batches, one after the other, and keeps them while the database is away. */
export class MeasurementWriter<Entry extends Measurement> {
  private waiting: Entry[] = [];
  private timer: NodeJS.Timeout | null = null;
  private isUrgent = false;
  private writing: Promise<void> | null = null;
  private isClosed = false;
  /** Replaced when the waiting measurements are dropped, including the batch that is being written. */
  private lease = Symbol('lease');

  constructor(private readonly to: Writing<Entry>) {}

  /** An urgent measurement is written immediately, together with all that wait. */
  write(entry: Entry, isUrgent: boolean): void {
    if (this.isClosed) return;
    this.waiting.push(entry);
    if (this.waiting.length === MAX_WAITING) this.to.onFull();
    this.isUrgent ||= isUrgent || this.waiting.length >= MAX_BATCH;
    if (!this.writing) this.plan();
  }

  /** Drops the waiting measurements: the lease under which they were made is lost. */
  forget(): void {
    this.lease = Symbol('lease');
    this.keepWaiting([]);
  }

  /** Writes the waiting measurements if the database is available, and accepts no more. */
  async close(): Promise<void> {
    this.isClosed = true;
    await this.writing;
    this.start();
    await this.writing;
  }

  private plan(): void {
    if (this.isUrgent || this.isClosed) this.start();
    else if (this.waiting.length > 0) this.timer ??= setTimeout(() => this.start(), GATHER_MS);
  }

  private start(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    const batch = this.waiting.slice(0, MAX_BATCH);
    if (batch.length === 0) return;
    this.keepWaiting(this.waiting.slice(batch.length));
    this.isUrgent = this.waiting.length >= MAX_BATCH;
    this.writing = this.deliver(batch).finally(() => {
      this.writing = null;
      this.plan();
    });
  }

  private async deliver(batch: readonly Entry[]): Promise<void> {
    const { lease } = this;
    while (lease === this.lease) {
      const isStored = await this.tryToStore(batch);
      if (lease !== this.lease) return;
      if (isStored === false) return this.to.onLeaseLost();
      if (isStored) return batch.forEach((entry) => this.to.onStored(entry));
      if (this.isClosed) return;
      await delay(RETRY_AFTER_MS);
    }
  }

  /** Null if it failed and may be tried again. */
  private async tryToStore(batch: readonly Entry[]): Promise<boolean | null> {
    try {
      const isStored = await this.to.store(batch);
      this.to.outage.succeeded();
      return isStored;
    } catch (error) {
      this.to.outage.failed(error);
      return null;
    }
  }

  private keepWaiting(entries: Entry[]): void {
    const wasFull = this.waiting.length >= MAX_WAITING;
    this.waiting = entries;
    if (wasFull && entries.length < MAX_WAITING) this.to.onRoom();
  }
}
