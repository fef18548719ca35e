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
  readonly #checks = new Map<string, HealthCheck>();
  readonly #listeners = new Set<(check: HealthCheck) => void>();

  register(check: HealthCheck): void {
    this.#checks.set(check.name, check);
    for (const listener of this.#listeners) listener(check);
  }

  /** Calls the listener for every check there is, and for every one to come. */
  onRegistered(listener: (check: HealthCheck) => void): void {
    this.#listeners.add(listener);
    for (const check of this.#checks.values()) listener(check);
  }
}
