import {
  Agent as HttpAgent,
  type ClientRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request as requestHttp,
} from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { isIP } from 'node:net';
import type { LoopWatch } from '../../../platform/probes/loop-delay.js';
import { ProbeError } from '../../../platform/probes/probe-error.js';
import type { JudgedAddress } from '../../../platform/probes/probe-targets.js';
import { type ConnectionFault, ProbeFailure, stoodStill, verdictOn } from './probe-failures.js';

const MAX_BODY_BYTES = 64 * 1024;

/** A chunk costs the event loop 1 to 2 µs. 64 KiB in chunks of one byte would cost a tenth of a second. */
const MAX_CHUNKS = 4096;

/** A new connection each time: a probe must also prove that the host still accepts connections. */
const AGENTS = { 'http:': new HttpAgent({ keepAlive: false }), 'https:': new HttpsAgent({ keepAlive: false }) };

const HEADERS = { 'user-agent': 'Plimsoll', accept: '*/*', connection: 'close' };

/** How often a timeout is extended by the time for which Plimsoll was stalled. */
const MOST_EXTENSIONS = 3;

/** An answer, with at most the first 64 KiB, or the first 4096 chunks, of its body. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** The minimum duration of the answer: without the time for which Plimsoll itself was stalled. */
  readonly durationMs: number;
  /** How long Plimsoll was stalled during the request. The answer may have taken longer by up to this time. */
  readonly ownDelayMs: number;
  readonly body: Buffer;
}

export interface Asked {
  readonly url: URL;
  /** Tried one after the other until one accepts a connection. */
  readonly addresses: readonly JudgedAddress[];
  /** Until the end of the body. Time for which Plimsoll was stalled does not count. */
  readonly timeoutMs: number;
  readonly watch: LoopWatch;
  /** Headers beyond those of every probe. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface ExchangeEnd {
  answered(answer: HttpAnswer): void;
  failed(failure: ProbeFailure | ProbeError, isTimeout: boolean): void;
}

/** One request and its answer. The first event that ends it counts; later events are ignored. */
export class HttpExchange {
  private readonly startedAt = performance.now();
  private readonly faults: ConnectionFault[] = [];
  private timer: NodeJS.Timeout;
  private attemptTimer: NodeJS.Timeout | undefined;
  private request: ClientRequest | null = null;
  private extensions = 0;
  private isOver = false;

  constructor(
    private readonly asked: Asked,
    private readonly end: ExchangeEnd,
  ) {
    this.timer = setTimeout(() => this.timeOut(), asked.timeoutMs);
  }

  private get elapsedMs(): number {
    return performance.now() - this.startedAt;
  }

  private get observedMs(): number {
    return this.elapsedMs - this.asked.watch.lostMs;
  }

  begin(): void {
    try {
      this.connect(0);
    } catch (error) {
      this.fail(new ProbeError(`Plimsoll could not ask: ${String(error)}`));
    }
  }

  private connect(index: number): void {
    const { url, addresses, headers } = this.asked;
    const address = addresses[index];
    if (this.isOver || !address) return;
    const isSecure = url.protocol === 'https:';
    const request = (isSecure ? requestHttps : requestHttp)(optionsFor(url, address, headers));
    this.request = request;
    let isConnected = false;
    const isLast = index === addresses.length - 1;
    if (!isLast) this.limitAttempt(request, addresses.length - index);
    request.on('socket', (socket) =>
      socket.once('connect', () => {
        isConnected = true;
        clearTimeout(this.attemptTimer);
      }),
    );
    request.on('response', (response) => this.read(response));
    request.on('error', ({ message, code }: NodeJS.ErrnoException) => {
      clearTimeout(this.attemptTimer);
      if (isConnected) this.faults.length = 0;
      this.faults.push({ family: address.family, message, code });
      if (isConnected || isLast) this.fail(verdictOn(this.faults, this.asked.watch.lostMs));
      else this.connect(index + 1);
    });
    request.end();
  }

  /** The later addresses keep their share of the time if this address never answers. */
  private limitAttempt(request: ClientRequest, left: number): void {
    const withinMs = Math.max(1, (this.asked.timeoutMs - this.observedMs) / left);
    const late = new Error('the connection was not accepted in time');
    this.attemptTimer = setTimeout(() => request.destroy(late), withinMs);
  }

  private timeOut(): void {
    const { timeoutMs, watch } = this.asked;
    const missingMs = timeoutMs - this.observedMs;
    if (missingMs >= 1 && this.extensions < MOST_EXTENSIONS) {
      this.extensions += 1;
      this.timer = setTimeout(() => this.timeOut(), Math.ceil(missingMs));
      return;
    }
    const told = `timed out after ${timeoutMs} ms`;
    this.fail(missingMs >= 1 ? stoodStill(watch.lostMs, told) : new ProbeFailure(told), true);
  }

  /** Copies into one buffer, because a chunk of one byte can keep 64 KiB alive. */
  private read(response: IncomingMessage): void {
    const body = Buffer.allocUnsafeSlow(capacityFor(response));
    let length = 0;
    let chunks = 0;
    const succeed = (): void => this.succeed(response, body.subarray(0, length));
    response.on('data', (chunk: Buffer) => {
      if (this.isOver) return;
      length += chunk.copy(body, length);
      chunks += 1;
      if (length === MAX_BODY_BYTES || chunks === MAX_CHUNKS) succeed();
    });
    response.on('end', succeed);
    response.on('error', ({ message, code }: NodeJS.ErrnoException) =>
      this.fail(verdictOn([{ family: 0, message, code }], this.asked.watch.lostMs)),
    );
  }

  private succeed({ statusCode = 0, headers }: IncomingMessage, body: Buffer): void {
    const ownDelayMs = Math.round(this.asked.watch.lostMs);
    const durationMs = Math.max(0.1, Math.round((this.elapsedMs - ownDelayMs) * 10) / 10);
    if (this.isEnd()) this.end.answered({ status: statusCode, headers, durationMs, ownDelayMs, body });
  }

  private fail(failure: ProbeFailure | ProbeError, isTimeout = false): void {
    if (this.isEnd()) this.end.failed(failure, isTimeout);
  }

  /** Whether this call ended the exchange. True only once. */
  private isEnd(): boolean {
    if (this.isOver) return false;
    this.isOver = true;
    clearTimeout(this.timer);
    clearTimeout(this.attemptTimer);
    this.request?.destroy();
    return true;
  }
}

function optionsFor(url: URL, { address, family }: JudgedAddress, headers: Asked['headers']) {
  const { protocol, hostname, host, port, pathname, search } = url;
  const isSecure = protocol === 'https:';
  return {
    agent: isSecure ? AGENTS['https:'] : AGENTS['http:'],
    // Connect to the checked address. The name would be resolved again, perhaps to another address.
    host: address,
    family,
    port: port || (isSecure ? 443 : 80),
    path: pathname + search,
    headers: { ...headers, ...HEADERS, host },
    // The certificate must name the requested host, not its address.
    ...(isSecure && !isIP(hostname) && !hostname.startsWith('[') ? { servername: hostname } : {}),
  };
}

function capacityFor({ headers }: IncomingMessage): number {
  const announced = Number(headers['content-length'] ?? MAX_BODY_BYTES);
  return announced >= 0 && announced < MAX_BODY_BYTES ? announced : MAX_BODY_BYTES;
}
