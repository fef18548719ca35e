export interface HealthCheck {
  /** A closed set: it is a metric's label. */
  name: string;
  /** Without a required dependency the service is not ready; without an optional one it is `degraded`. */
  required: boolean;
  /** Rejects when the dependency is down. It is given 1 s, then the signal aborts and the answer no longer counts. */
  check: (signal: AbortSignal) => Promise<void>;
}

export interface Sample {
  isUp: boolean;
  latencyMs: number;
  /** Why it is down, from a closed set or a code that a library gave; never the text of an error. */
  code: string | null;
  at: Date;
}

export type DependencyStatus = 'unknown' | 'up' | 'down';

/**
 * What is known of one dependency. A change counts when a second sample confirms it; only the first sample that finds
 * it up counts at once, so that a slow first answer does not delay readiness.
 */
export class DependencyState {
  status: DependencyStatus = 'unknown';
  since: Date | null = null;
  last: Sample | null = null;

  constructor(readonly check: HealthCheck) {}

  /** The last sample says something else than the status does. */
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
