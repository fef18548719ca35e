import { DependencyState, type HealthCheck } from './dependency-state.js';

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
