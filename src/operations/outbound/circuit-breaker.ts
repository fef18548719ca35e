import type { CircuitBreakerPolicy, CircuitState as PolicyState } from 'cockatiel';
import type { CircuitLimits } from './declared-peers.js';

export type CircuitState = 'closed' | 'half-open' | 'open';

/** Where it is said that a circuit opens or closes. */
export interface OutboundLog {
  info(about: object, text: string): void;
  warn(about: object, text: string): void;
}

/** The peer was not called: it did not answer lately. */
export class CircuitOpen extends Error {
  override readonly name = 'CircuitOpen';
  readonly code = 'circuit_open';

  constructor(peer: string) {
    super(`${peer} has not answered lately, and is left alone`);
  }
}

/**
 * Leaves a peer alone that does not answer. After some failures in a row nobody waits for it any more; then, time and
 * again, one call alone tries. Says once in the log that it opens, and once that it is closed again.
 */
export class CircuitBreaker {
  #state: CircuitState = 'closed';
  #policy: Promise<CircuitBreakerPolicy> | undefined;

  /** `hasFailed` judges answers; what rejects has failed anyway, unless the caller has called it off. */
  constructor(
    private readonly peer: string,
    private readonly limits: CircuitLimits,
    private readonly logger: OutboundLog,
    private readonly hasFailed: (answer: unknown) => boolean = () => false,
  ) {}

  get state(): CircuitState {
    return this.#state;
  }

  /** @throws CircuitOpen at once while the peer is left alone, also for those who come during the one trial. */
  async run<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    const policy = await (this.#policy ??= this.#load());
    // The library would have them wait for the outcome of the trial.
    if (this.#state === 'half-open') throw new CircuitOpen(this.peer);
    return policy.execute(work).catch((error: unknown) => {
      throw error instanceof Error && 'isBrokenCircuitError' in error ? new CircuitOpen(this.peer) : error;
    });
  }

  /** Loaded by the first call: what answers probes is there before. */
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

  /** A call that is called off says nothing of the peer; it does not close the circuit either, which a trial would. */
  #isFailure(error: unknown): boolean {
    return this.#state === 'half-open' || (error as Partial<Error> | null)?.name !== 'AbortError';
  }

  #tellOfOpening(reason: object): void {
    // A trial that fails changes nothing.
    if (this.#state !== 'closed') return;
    const { triesAgainAfterMs } = this.limits;
    const why = 'error' in reason ? whyOf(reason.error) : 'it answered that it failed';
    this.logger.warn(
      { context: 'Outbound', peer: this.peer, why, triesAgainAfterMs },
      `${this.peer} does not answer, and is left alone for a while`,
    );
  }
}

/** What `fetch` rejects with has the reason in its cause; what aborts a call drags all the constants of its class along. */
function whyOf(error: unknown): string {
  const { message, cause } = error as Partial<Error>;
  return (cause as Partial<Error> | undefined)?.message ?? message ?? String(error);
}
