import { Agent as HttpAgent, type IncomingHttpHeaders, type IncomingMessage, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { isIP } from 'node:net';
import { Injectable } from '@nestjs/common';
import { type StatusClass, statusClassOf } from '../../../operations/outbound/call-durations.js';
import { OutboundCalls } from '../../../operations/outbound/outbound-calls.js';
import { type JudgedAddress, ProbeTargets, RefusedTarget } from '../../../platform/probes/probe-targets.js';

const MAX_BODY_BYTES = 64 * 1024;

/** A fresh connection each time: that a host still accepts one is part of what a probe proves. */
const AGENTS = { 'http:': new HttpAgent({ keepAlive: false }), 'https:': new HttpsAgent({ keepAlive: false }) };

const HEADERS = { 'user-agent': 'Plimsoll', accept: '*/*', connection: 'close' };

/** What was answered; of a longer body the first 64 KiB. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly durationMs: number;
  readonly body: Buffer;
}

/** No answer: the message says what went wrong, and is fit to be shown. */
export class ProbeFailure extends Error {
  override readonly name = 'ProbeFailure';
}

/** Asks a host over HTTP, once: no redirects, no retries, and only addresses that were judged. */
@Injectable()
export class HttpProbe {
  constructor(
    private readonly targets: ProbeTargets,
    private readonly outbound: OutboundCalls,
  ) {}

  /** `timeoutMs` covers everything from looking the name up to the end of the body. @throws ProbeFailure, RefusedTarget */
  get(url: URL, timeoutMs: number): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      const exchange = new Exchange(url, resolve, reject);
      const timeout = new ProbeFailure(`timed out after ${timeoutMs} ms`);
      const timer = setTimeout(() => exchange.fail(timeout, 'timeout'), timeoutMs);
      exchange.onEnd = (outcome, durationMs) => {
        clearTimeout(timer);
        if (outcome !== null) this.outbound.durations.observe('probes', outcome, durationMs / 1000);
      };
      this.targets
        .resolve(url)
        .then((address) => exchange.begin(address))
        .catch((error: Error) => exchange.fail(error instanceof RefusedTarget ? error : failureOf(error)));
    });
  }
}

/** One request and its answer; whatever comes first ends it, and what comes after no longer matters. */
class Exchange {
  /** The outcome is null where nobody was asked. */
  onEnd: (outcome: StatusClass | null, durationMs: number) => void = () => {};
  private readonly startedAt = performance.now();
  private request: ReturnType<typeof requestHttp> | null = null;
  private isOver = false;

  constructor(
    private readonly url: URL,
    private readonly resolve: (answer: HttpAnswer) => void,
    private readonly reject: (failure: ProbeFailure | RefusedTarget) => void,
  ) {}

  begin({ address, family }: JudgedAddress): void {
    if (this.isOver) return;
    const { protocol, hostname, host, port, pathname, search } = this.url;
    const isSecure = protocol === 'https:';
    const options = {
      agent: isSecure ? AGENTS['https:'] : AGENTS['http:'],
      host: address,
      family,
      port: port || (isSecure ? 443 : 80),
      path: pathname + search,
      headers: { ...HEADERS, host },
      // The certificate is to name the host that was asked for, not the address that it happens to have.
      ...(isSecure && !isIP(hostname) && !hostname.startsWith('[') ? { servername: hostname } : {}),
    };
    this.request = (isSecure ? requestHttps : requestHttp)(options, (response) => this.read(response));
    this.request.on('error', (error) => this.fail(failureOf(error)));
    this.request.end();
  }

  fail(failure: ProbeFailure | RefusedTarget, outcome: 'error' | 'timeout' = 'error'): void {
    if (this.end(failure instanceof RefusedTarget ? null : outcome)) this.reject(failure);
  }

  private read(response: IncomingMessage): void {
    const chunks: Buffer[] = [];
    let length = 0;
    response.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      length += chunk.length;
      if (length >= MAX_BODY_BYTES) this.succeed(response, chunks);
    });
    response.on('end', () => this.succeed(response, chunks));
    response.on('error', (error) => this.fail(failureOf(error)));
  }

  private succeed({ statusCode = 0, headers }: IncomingMessage, chunks: Buffer[]): void {
    const durationMs = Math.round((performance.now() - this.startedAt) * 10) / 10;
    if (!this.end(statusClassOf(statusCode))) return;
    const [first = Buffer.alloc(0)] = chunks;
    const body = (chunks.length === 1 ? first : Buffer.concat(chunks)).subarray(0, MAX_BODY_BYTES);
    this.resolve({ status: statusCode, headers, durationMs, body });
  }

  /** Whether this was the end; it comes once. */
  private end(outcome: StatusClass | null): boolean {
    if (this.isOver) return false;
    this.isOver = true;
    this.onEnd(outcome, performance.now() - this.startedAt);
    this.request?.destroy();
    return true;
  }
}

function failureOf({ message, code }: Error & { code?: string }): ProbeFailure {
  return new ProbeFailure(message || code || 'the connection failed');
}
