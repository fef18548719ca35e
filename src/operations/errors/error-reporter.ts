import type { Peer } from '../outbound/outbound-calls.js';
import { tracing } from '../tracing/tracing.js';
import { errorEvent, type ErrorOrigin, type ErrorReport } from './error-event.js';

/** The limit of waiting reports. Further reports are dropped; the errors are still counted. */
const MOST_QUEUED = 30;
const AGAIN_AFTER_MS = 60_000;
const MOST_A_MINUTE = 30;
const MOST_KNOWN = 500;
const TIMEOUT_MS = 1000;
const LONGEST_REFUSAL_MS = 3_600_000;

interface Target extends ErrorOrigin {
  dsn: string;
  /** Removes the secrets from a report. */
  redact: (text: string) => string;
  /** Its circuit opens while it does not answer, so that its outage costs nothing. */
  peer: Peer;
}

/**
 * Sends errors to a Sentry-compatible service in the background: each fingerprint at most once a minute, 30 a minute in
 * total.
 */
export class ErrorReporter {
  readonly #url: string;
  readonly #auth: string;
  readonly #sentAt = new Map<string, number>();
  readonly #queue: ErrorReport[] = [];
  #recent: number[] = [];
  #refusedUntil = Number.NEGATIVE_INFINITY;
  #sending: Promise<void> = Promise.resolve();
  #isSending = false;

  constructor(
    private readonly target: Target,
    private readonly now: () => number = () => performance.now(),
  ) {
    const { origin, username, pathname } = new URL(target.dsn);
    const [project, ...folder] = pathname.split('/').filter(Boolean).toReversed();
    this.#url = [origin, ...folder.toReversed(), 'api', project, 'envelope', ''].join('/');
    this.#auth = `Sentry sentry_version=7, sentry_client=${target.release.replace('@', '/')}, sentry_key=${username}`;
  }

  /** Returns at once. */
  report(report: ErrorReport): void {
    if (this.#queue.length >= MOST_QUEUED || !this.#isDue(report.fingerprint)) return;
    this.#queue.push(report);
    if (this.#isSending) return;
    this.#isSending = true;
    this.#sending = this.#sendAll();
  }

  /** Resolves when everything was sent, or when the time has passed. */
  async flush(withinMs: number): Promise<void> {
    const late = Promise.withResolvers<void>();
    const timer = setTimeout(late.resolve, withinMs);
    await Promise.race([this.#sending, late.promise]);
    clearTimeout(timer);
  }

  #isDue(fingerprint: string): boolean {
    const now = this.now();
    if (now < this.#refusedUntil) return false;
    this.#recent = this.#recent.filter((at) => now - at < AGAIN_AFTER_MS);
    const isRepeated = now - (this.#sentAt.get(fingerprint) ?? Number.NEGATIVE_INFINITY) < AGAIN_AFTER_MS;
    if (isRepeated || this.#recent.length >= MOST_A_MINUTE) return false;
    if (this.#sentAt.size >= MOST_KNOWN) this.#sentAt.clear();
    this.#sentAt.set(fingerprint, now);
    this.#recent.push(now);
    return true;
  }

  async #sendAll(): Promise<void> {
    for (let report = this.#queue.shift(); report; report = this.#queue.shift()) await this.#send(report);
    this.#isSending = false;
  }

  /** A report that does not arrive is still in the log. */
  async #send(report: ErrorReport): Promise<void> {
    const headers = { 'Content-Type': 'application/x-sentry-envelope', 'X-Sentry-Auth': this.#auth };
    const body = this.target.redact(this.#envelope(report));
    const send = async (signal: AbortSignal) => {
      const answer = fetch(this.#url, { method: 'POST', headers, body, signal, redirect: 'error' });
      // No trace headers: the error tracker may belong to anybody.
      tracing.spans?.call('sentry', 'POST', this.#url).follow(answer);
      const response = await answer;
      await response.body?.cancel();
      this.#heed(response);
      return response;
    };
    await this.target.peer.call(send, { timeoutMs: TIMEOUT_MS }).catch(() => undefined);
  }

  /** The error tracker says when there are too many events, and how long to wait. */
  #heed({ status, headers }: Response): void {
    if (status !== 429) return;
    const seconds = Number(headers.get('retry-after') ?? Number.NaN);
    this.#refusedUntil = this.now() + (seconds > 0 ? Math.min(seconds * 1000, LONGEST_REFUSAL_MS) : AGAIN_AFTER_MS);
  }

  #envelope(report: ErrorReport): string {
    const { release, environment } = this.target;
    const event = errorEvent(report, { release, environment });
    return [{ event_id: event.event_id }, { type: 'event' }, event].map((part) => JSON.stringify(part)).join('\n');
  }
}
