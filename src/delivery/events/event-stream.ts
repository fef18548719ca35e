import { Readable } from 'node:stream';

/** A client that takes nothing for this long a text is let go: it goes on where it was, by its Last-Event-ID. */
const MOST_UNREAD_BYTES = 256 * 1024;

/** One client's answer, that goes on until either side ends it. */
export class EventStream {
  readonly body = new Readable({ read: () => undefined });
  private isOver = false;

  /** False once nothing is sent any more. */
  get isOpen(): boolean {
    return !this.isOver && !this.body.destroyed;
  }

  /** How much of what was sent waits for the client to take it. */
  get unreadBytes(): number {
    return this.body.readableLength;
  }

  send(text: string | Buffer): void {
    if (!this.isOpen) return;
    if (this.body.readableLength > MOST_UNREAD_BYTES) this.end();
    else this.body.push(text);
  }

  /** Tells the client when to come back, and ends. */
  end(retryMs?: number): void {
    if (!this.isOpen) return;
    this.isOver = true;
    if (retryMs !== undefined) this.body.push(`event: end\nretry: ${retryMs}\ndata: {}\n\n`);
    this.body.push(null);
  }
}
