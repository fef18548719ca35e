export interface HealthCheck {
  /** A closed set, because it is a label of a metric. */
  name: string;
  /** Without a required dependency the service is not ready; without an optional one it is `degraded`. */
  required: boolean;
  /** Rejects if the dependency is down. After 1 s the signal aborts, and a later answer does not count. */
  check: (signal: AbortSignal) => Promise<void>;
}

export interface Sample {
  isUp: boolean;
  latencyMs: number;
  /** Why it is down, from a closed set or as the error code of a library; never the text of an error. */
  code: string | null;
  at: Date;
}

export type DependencyStatus = 'unknown' | 'up' | 'down';

/**
 * The state of one dependency. A change counts when a second sample confirms it. Only the first sample that finds it up
 * counts immediately, so that a slow first answer does not delay readiness.
 */
export class DependencyState {
  status: DependencyStatus = 'unknown';
  since: Date | null = null;
  last: Sample | null = null;

  constructor(readonly check: HealthCheck) {}

  /** The last sample contradicts the status. */
  get isUnconfirmed(): boolean {
    if (this.last === null) return false;
    return this.status !== (this.last.isUp ? 'up' : 'down');
  }

  record(sample: Sample): void {
    const isConfirmed = this.isUnconfirmed && sample.isUp === this.last?.isUp;
    const isFirstUp = this.status === 'unknown' && sample.isUp;
    if (isFirstUp || isConfirmed) {
      this.status = sample.isUp ? 'up' : 'down';
      this.since = sample.at;
    }
    this.last = sample;
  }
}
