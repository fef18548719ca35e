import { Logger } from '@nestjs/common';
import { type Unleash, UnleashEvents } from 'unleash-client';
import { retire, serverClient, type UnleashServer } from './unleash-clients.js';

/** After this many refreshes without an answer the client is replaced. */
const PATIENCE = 2;

/**
 * Keeps the flags of an Unleash server fresh. A client stops polling for ever after a single 401 or 403, and waits up
 * to eleven refreshes after an outage. So a client without an answer for two refreshes is replaced by a new one.
 */
export class UnleashConnection {
  readonly #logger = new Logger('FeatureFlags');
  readonly #watch: NodeJS.Timeout;
  #client: Unleash;
  #clientSince = Date.now();
  #informed: Unleash | null = null;
  #lastSuccess: Date | null = null;
  #lastProblem: unknown;
  #isLost = false;

  constructor(private readonly server: UnleashServer) {
    this.#client = this.#connect();
    this.#watch = setInterval(() => this.#replaceIfSilent(), server.refreshMs).unref();
  }

  /**
   * The newest client that the server has answered. During an outage this is a replaced one. Null until the first
   * answer.
   */
  get informed(): Unleash | null {
    return this.#informed;
  }

  get lastSuccess(): Date | null {
    return this.#lastSuccess;
  }

  /** Two refreshes in a row had no answer, and there was none since. */
  get isLost(): boolean {
    return this.#isLost;
  }

  /** Rejects if the flags were not fetched when they were due, or never. */
  async assertHeard(): Promise<void> {
    if (this.#lastSuccess && !this.#isLost) return;
    throw Object.assign(new Error('Unleash does not answer'), { code: this.#lastSuccess ? 'silent' : 'never_heard' });
  }

  close(): void {
    clearInterval(this.#watch);
    retire(this.#client);
  }

  #connect(): Unleash {
    const client = serverClient(this.server);
    const onAnswer = () => {
      if (this.#informed === client) this.#succeed();
    };
    const onProblem = (problem: unknown) => (this.#lastProblem = problem);
    client.on(UnleashEvents.Error, onProblem).on(UnleashEvents.Warn, onProblem);
    client.on(UnleashEvents.Changed, onAnswer).on(UnleashEvents.Unchanged, onAnswer);
    // Only this event says that it is ready; at the first `changed` it is not.
    client.once(UnleashEvents.Synchronized, () => {
      this.#informed = client;
      this.#succeed();
    });
    return client;
  }

  #succeed(): void {
    this.#lastSuccess = new Date();
    if (this.#isLost) this.#logger.log('flags are fetched again');
    this.#isLost = false;
  }

  #replaceIfSilent(): void {
    const heardAt = Math.max(this.#clientSince, this.#lastSuccess?.getTime() ?? 0);
    if (Date.now() - heardAt < PATIENCE * this.server.refreshMs) return;
    if (!this.#isLost)
      this.#logger.warn({ msg: 'flags cannot be fetched; the last ones known count', err: this.#lastProblem });
    this.#isLost = true;
    retire(this.#client);
    this.#client = this.#connect();
    this.#clientSince = Date.now();
  }
}
