import type { CircuitBreakerPolicy, CircuitState as PolicyState } from 'cockatiel';
import type { CircuitLimits } from './declared-peers.js';

export type CircuitState = 'closed' | 'half-open' | 'open';

/** The log for circuits that open or close. */
export interface OutboundLog {
  info(about: object, text: string): void;
  warn(about: object, text: string): void;
}

/** The peer was not called, because it has not answered recently. */
export class CircuitOpen extends Error {
  override readonly name = 'CircuitOpen';
  readonly code = 'circuit_open';

  constructor(peer: string) {
    super(`${peer} has not answered lately, and is left alone`);
  }
}

/**
 * Stops calls to a peer that does not answer. After some failures in a row every call fails immediately; from time to
 * time one trial call is let through. Logs once that the circuit opens, and once that it closes.
 */
export class CircuitBreaker {
  #state: CircuitState = 'closed';
  #policy: Promise<CircuitBreakerPolicy> | undefined;

  /** `hasFailed` judges answers. A rejected call has failed, unless the caller has aborted it. */
  constructor(
    private readonly peer: string,
    private readonly limits: CircuitLimits,
    private readonly logger: OutboundLog,
    private readonly hasFailed: (answer: unknown) => boolean = () => false,
  ) {}

  get state(): CircuitState {
    return this.#state;
  }

  /** @throws CircuitOpen immediately while the circuit is open, also for other callers during the one trial. */
  async run<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    const policy = await (this.#policy ??= this.#load());
    // The library would make them wait for the result of the trial.
    if (this.#state === 'half-open') throw new CircuitOpen(this.peer);
    return policy.execute(work).catch((error: unknown) => {
      throw error instanceof Error && 'isBrokenCircuitError' in error ? new CircuitOpen(this.peer) : error;
    });
  }

  /** Loaded at the first call, because probes must be answered before. */
  async #load(): Promise<CircuitBreakerPolicy> {
    const { circuitBreaker, CircuitState: states, ConsecutiveBreaker, handleWhen } = await import('cockatiel');
    const { opensAfter, triesAgainAfterMs } = this.limits;
    const failures = handleWhen((error) => this.#isFailure(error)).orWhenResult(this.hasFailed);
    const policy = circuitBreaker(failures, {
      halfOpenAfter: triesAgainAfterMs,
      breaker: new ConsecutiveBreaker(opensAfter),
    });
    const names: Partial<Record<PolicyState, CircuitState>> = {
      [states.Closed]: 'closed',
      [states.HalfOpen]: 'half-open',
    };
    policy.onBreak((reason) => this.#tellOfOpening(reason));
    policy.onReset(() => this.logger.info({ context: 'Outbound', peer: this.peer }, `${this.peer} answers again`));
    policy.onStateChange((state) => (this.#state = names[state] ?? 'open'));
    return policy;
  }

  /** An aborted call says nothing about the peer. But an aborted trial must not close the circuit, so it is a failure. */
  #isFailure(error: unknown): boolean {
    return this.#state === 'half-open' || (error as Partial<Error> | null)?.name !== 'AbortError';
  }

  #tellOfOpening(reason: object): void {
    // A failed trial changes nothing.
    if (this.#state !== 'closed') return;
    const { triesAgainAfterMs } = this.limits;
    const why = 'error' in reason ? whyOf(reason.error) : 'it answered that it failed';
    this.logger.warn(
      { context: 'Outbound', peer: this.peer, why, triesAgainAfterMs },
      `${this.peer} does not answer, and is left alone for a while`,
    );
  }
}

/** Only the message: an error of `fetch` has the reason in its cause, and an abort error has many other properties. */
function whyOf(error: unknown): string {
  const { message, cause } = error as Partial<Error>;
  return (cause as Partial<Error> | undefined)?.message ?? message ?? String(error);
}
