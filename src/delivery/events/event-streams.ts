import { Inject, Injectable, type ValueProvider } from '@nestjs/common';
import { Shutdown } from '../../operations/lifecycle/shutdown.js';
import { overloaded } from '../../platform/http/bytes-in-flight.js';
import { type EventFilter, type EventRow, frameOf, passes } from './event.model.js';
import { EventFeed } from './event-feed.js';
import { EventStream } from './event-stream.js';
import { EventsReader } from './events.reader.js';

export interface StreamTimes {
  readonly heartbeatMs: number;
  readonly judgeTokensMs: number;
}

export const STREAM_TIMES = Symbol('times of event streams');
export const streamTimes: ValueProvider<StreamTimes> = {
  provide: STREAM_TIMES,
  useValue: { heartbeatMs: 15_000, judgeTokensMs: 2000 },
};

/** Of one instance. */
const MOST_STREAMS = 2000;
/** Another instance takes over at once; spread, so that not all of them come back in one moment. */
const RETRY_MS = { least: 500, spread: 2500 };

/** The token check of a stream's request, again: throws, or rejects, once the token is no longer valid. */
export type Judge = () => unknown;

export interface Client {
  readonly filter: EventFilter;
  /** The position after which the client wants everything; null for what is to come. */
  readonly after: bigint | null;
  readonly judge: Judge;
}

/** Every open stream of this instance. */
@Injectable()
export class EventStreams {
  private readonly open = new Map<EventStream, Judge>();
  private readonly timers: NodeJS.Timeout[];

  constructor(
    private readonly feed: EventFeed,
    private readonly reader: EventsReader,
    private readonly shutdown: Shutdown,
    @Inject(STREAM_TIMES) times: StreamTimes,
  ) {
    this.timers = [
      setInterval(() => this.beat(), times.heartbeatMs).unref(),
      setInterval(() => void this.judgeTokens(), times.judgeTokensMs).unref(),
    ];
    shutdown.drainSignal.addEventListener('abort', () => this.endAll());
  }

  get count(): number {
    return this.open.size;
  }

  /** @throws DomainError `overloaded` where there are 2000 streams, or this instance drains */
  async begin({ filter, after, judge }: Client): Promise<EventStream> {
    if (this.shutdown.drainSignal.aborted) throw overloaded('This instance ends; ask another one.');
    if (this.open.size >= MOST_STREAMS) throw overloaded(`There are ${MOST_STREAMS} event streams.`);
    const stream = new EventStream();
    this.open.set(stream, judge);
    let waiting: EventRow[] | null = [];
    const listener = (event: EventRow): void => {
      if (!passes(filter, event)) return;
      if (waiting) waiting.push(event);
      else stream.send(frameOf(event));
    };
    stream.body.once('close', () => {
      this.feed.leave(listener);
      this.open.delete(stream);
    });
    try {
      const at = await this.feed.follow(listener);
      stream.send(`: connected\n\n`);
      if (after !== null) await this.catchUp(stream, after, at, filter);
    } catch (error) {
      stream.body.destroy();
      throw error;
    }
    for (const event of waiting) stream.send(frameOf(event));
    waiting = null;
    // Draining began meanwhile.
    if (this.shutdown.drainSignal.aborted) stream.end(retryMs());
    return stream;
  }

  /** What the client missed, as far as its stream takes it in; the rest it asks for again. */
  private async catchUp(stream: EventStream, after: bigint, upTo: bigint, filter: EventFilter): Promise<void> {
    for (let at = after; at < upTo && stream.isOpen;) {
      const missed = await this.reader.between(at, upTo, filter);
      const last = missed.at(-1);
      if (!last) return;
      for (const event of missed) stream.send(frameOf(event));
      at = last.position;
    }
  }

  private beat(): void {
    for (const stream of this.open.keys()) stream.send(': heartbeat\n\n');
  }

  private async judgeTokens(): Promise<void> {
    for (const [stream, judge] of this.open) {
      try {
        await judge();
      } catch (error) {
        if (isRefusal(error)) stream.end();
      }
    }
  }

  private endAll(): void {
    for (const timer of this.timers) clearInterval(timer);
    for (const stream of this.open.keys()) stream.end(retryMs());
  }
}

/** And not a database that does not answer: that says nothing about the token. */
function isRefusal(error: unknown): boolean {
  const { status } = error as { status?: number };
  return status === 401 || status === 403;
}

function retryMs(): number {
  return RETRY_MS.least + Math.floor(Math.random() * RETRY_MS.spread);
}
