import { DependencyState } from './dependency-state.js';

export interface HealthCheck {
  /** A closed set: it is a metric's label. */
  name: string;
  /** Without a required dependency the service is not ready; without an optional one it is `degraded`. */
  required: boolean;
  /** Rejects when the dependency is down. It is given 1 s, then the signal aborts and the answer no longer counts. */
  check: (signal: AbortSignal) => Promise<void>;
}

/** The dependencies of the service. Whoever owns one registers its check; a background sampler runs them. */
export class HealthChecks {
  readonly #states = new Map<string, DependencyState>();
  readonly #listeners = new Set<(state: DependencyState) => void>();

  register(check: HealthCheck): void {
    const state = new DependencyState(check);
    this.#states.set(check.name, state);
    for (const listener of this.#listeners) listener(state);
  }

  /** Calls the listener for every check there is, and for every one to come. */
  onRegistered(listener: (state: DependencyState) => void): void {
    this.#listeners.add(listener);
    for (const state of this.#states.values()) listener(state);
  }

  states(): DependencyState[] {
    return [...this.#states.values()];
  }
}
