import type { Histogram } from 'prom-client';
import { type StatusClass, statusClassOf } from './call-durations.js';
import { CircuitBreaker, type CircuitState, type OutboundLog } from './circuit-breaker.js';
import { type BrokenPeerName, declaredPeers, type PeerName } from './declared-peers.js';

export interface CallOptions {
  /** The time limit of all the work. Exceeding it is a `timeout`, and a failure. */
  readonly timeoutMs: number;
  /** The caller's signal. A call that it aborts is no failure, and is not measured. */
  readonly signal?: AbortSignal;
}

/** A peer that this process calls over HTTP. */
export class Peer {
  constructor(
    private readonly name: PeerName,
    private readonly circuit: CircuitBreaker,
    private readonly calls: Pick<OutboundCalls, 'observe'>,
  ) {}

  /**
   * Does the work, which reads the whole answer within it, and measures it; a status from 500 on is a failure too.
   * `prometheus.call(async (signal) => { const r = await fetch(url, { signal }); return { status: r.status, body: await r.json() }; })`
   * @throws CircuitOpen at once while the peer is left alone; what the work throws.
   */
  call<Answer extends { readonly status: number }>(
    work: (signal: AbortSignal) => Promise<Answer>,
    options: CallOptions,
  ): Promise<Answer> {
    return this.circuit.run(() => this.#measured(work, options));
  }

  async #measured<Answer extends { readonly status: number }>(
    work: (signal: AbortSignal) => Promise<Answer>,
    { timeoutMs, signal }: CallOptions,
  ): Promise<Answer> {
    const startedAt = performance.now();
    const observe = (outcome: StatusClass) =>
      this.calls.observe(this.name, outcome, (performance.now() - startedAt) / 1000);
    const late = AbortSignal.timeout(timeoutMs);
    try {
      const answer = await work(signal ? AbortSignal.any([late, signal]) : late);
      observe(statusClassOf(answer.status));
      return answer;
    } catch (error) {
      if (late.aborted) observe('timeout');
      else if (!signal?.aborted) observe('error');
      throw error;
    }
  }
}

/** Measures the calls to all peers, and keeps their circuits. */
export class OutboundCalls {
  readonly #circuits = new Map<PeerName, () => CircuitState>();

  constructor(
    private readonly logger: OutboundLog,
    readonly durations: Histogram,
  ) {}

  /** For code that sends requests by itself. */
  observe(peer: PeerName, statusClass: StatusClass, seconds: number): void {
    this.durations.observe({ peer, status_class: statusClass }, seconds);
  }

  /** Call this once for each peer. */
  peer(name: BrokenPeerName): Peer {
    return new Peer(name, this.breaker(name, { hasFailed }), this);
  }

  /** For a peer without HTTP. `isAway` reports an outage that is known without a call. */
  breaker(
    name: BrokenPeerName,
    { isAway = () => false, ...judge }: { isAway?: () => boolean; hasFailed?: (answer: unknown) => boolean } = {},
  ): CircuitBreaker {
    const breaker = new CircuitBreaker(name, declaredPeers[name].circuit, this.logger, judge.hasFailed);
    this.watch(name, () => (isAway() ? 'open' : breaker.state));
    return breaker;
  }

  /** For code that knows by itself whether the peer answers. */
  watch(name: PeerName, state: () => CircuitState): void {
    this.#circuits.set(name, state);
  }

  /** Of the configured peers. */
  states(): Array<{ peer: PeerName; state: CircuitState }> {
    return [...this.#circuits].map(([peer, state]) => ({ peer, state: state() }));
  }
}

function hasFailed(answer: unknown): boolean {
  return (answer as { status: number }).status >= 500;
}
