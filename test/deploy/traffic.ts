import { Agent, get, type IncomingMessage } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

export interface TrafficOptions {
  /** Where requests go, in turn. */
  readonly urls: readonly string[];
  readonly perSecond: number;
  /** Connections that are kept, each for requests of its own. */
  readonly pinned: number;
  /** Of a service that has no slow request and no event stream for it. */
  readonly isPlain?: boolean;
}

export interface TrafficOutcome {
  readonly failures: readonly string[];
  /** How often each version answered. */
  readonly versions: Readonly<Record<string, number>>;
  readonly sent: number;
  /** More than were pinned: a connection was closed in between. */
  readonly connections: number;
}

/**
 * Requests on pinned keep-alive connections, by a schedule of their own: who is late catches up. Beside them, to each URL,
 * requests that take 4 s, one after the other, and an event stream, which goes on after each end that was an orderly one.
 */
export class Traffic {
  readonly #failures: string[] = [];
  readonly #versions: Record<string, number> = {};
  readonly #connections = new Set<unknown>();
  readonly #agents: readonly Agent[];
  readonly #inFlight = new Set<Promise<void>>();
  readonly #startedAt = performance.now();
  readonly #timer: NodeJS.Timeout;
  #sent = 0;
  #isOver = false;

  constructor(private readonly options: TrafficOptions) {
    this.#agents = Array.from({ length: options.pinned }, () => new Agent({ keepAlive: true, maxSockets: 1 }));
    this.#timer = setInterval(() => this.#sendDue(), 1000 / options.perSecond);
    for (const url of options.isPlain ? [] : options.urls) {
      this.#track(this.#slowly(url));
      this.#track(this.#listen(url));
    }
  }

  /** How often this version has answered by now. */
  answersOf(version: string): number {
    return this.#versions[version] ?? 0;
  }

  async end(): Promise<TrafficOutcome> {
    clearInterval(this.#timer);
    this.#isOver = true;
    await Promise.all(this.#inFlight);
    for (const agent of this.#agents) agent.destroy();
    const connections = this.#connections.size;
    return { failures: this.#failures, versions: this.#versions, sent: this.#sent, connections };
  }

  #sendDue(): void {
    const { urls, perSecond, pinned } = this.options;
    const due = ((performance.now() - this.#startedAt) / 1000) * perSecond;
    for (; this.#sent < due; this.#sent += 1) {
      const pin = this.#sent % pinned;
      this.#track(this.#ask(urls[pin % urls.length] ?? '', this.#agents[pin]));
    }
  }

  #track(work: Promise<void>): void {
    const one = work.finally(() => this.#inFlight.delete(one));
    this.#inFlight.add(one);
  }

  async #slowly(url: string): Promise<void> {
    const agent = new Agent({ keepAlive: true });
    while (!this.#isOver) {
      await this.#ask(`${url}/slow`, agent);
      await delay(10);
    }
    agent.destroy();
  }

  #ask(url: string, agent: Agent | undefined): Promise<void> {
    return new Promise((resolve) => {
      const fail = (error: Error): void => {
        this.#failures.push(`${url}: ${error.message}`);
        resolve();
      };
      const outgoing = get(url, { agent: agent ?? false }, (incoming) => {
        let text = '';
        incoming.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        incoming.on('error', fail);
        incoming.on('end', () => {
          if (incoming.statusCode === 200) this.#versions[text] = this.answersOf(text) + 1;
          else this.#failures.push(`${url}: ${incoming.statusCode} ${text}`);
          resolve();
        });
      });
      outgoing.on('socket', (socket) => this.#connections.add(socket));
      outgoing.on('error', fail);
    });
  }

  async #listen(url: string): Promise<void> {
    while (!this.#isOver) {
      await new Promise<void>((resolve) => {
        const over = (error?: Error): void => {
          if (error !== undefined && !this.#isOver) this.#failures.push(`${url}/events: ${error.message}`);
          resolve();
        };
        const outgoing = get(`${url}/events`, { agent: false }, (incoming: IncomingMessage) => {
          if (incoming.statusCode !== 200) over(new Error(String(incoming.statusCode)));
          incoming.on('data', () => this.#isOver && outgoing.destroy());
          incoming.on('end', () => over()).on('error', over);
        });
        outgoing.on('error', over);
      });
      // One that fails again and again is not to take the whole processor.
      await delay(10);
    }
  }
}

/** While the work goes on, requests there are answered, each with 200. */
export async function withTraffic<Result>(urls: readonly string[], work: () => Promise<Result>): Promise<Result> {
  const traffic = new Traffic({ urls, perSecond: 20, pinned: 4 });
  const result = await work().finally(() => traffic.end());
  const { failures } = await traffic.end();
  if (failures.length > 0) throw new Error(`Requests failed:\n${failures.join('\n')}`);
  return result;
}
