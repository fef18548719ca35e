import { DependencyState, type HealthCheck } from './dependency-state.js';

/** The dependencies of the service. Each owner registers a check; a background sampler runs the checks. */
export class HealthChecks {
  readonly #states = new Map<string, DependencyState>();
  readonly #listeners = new Set<(state: DependencyState) => void>();

  register(check: HealthCheck): void {
    const state = new DependencyState(check);
    this.#states.set(check.name, state);
    for (const listener of this.#listeners) listener(state);
  }

  /** Calls the listener for every present check, and for every later one. */
  onRegistered(listener: (state: DependencyState) => void): void {
    this.#listeners.add(listener);
    for (const state of this.#states.values()) listener(state);
  }

  states(): DependencyState[] {
    return [...this.#states.values()];
  }
}
