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

/** What is known of one dependency. A change counts when a second sample confirms it. */
export class DependencyState {
  status: DependencyStatus = 'unknown';
  since: Date | null = null;
  last: Sample | null = null;

  constructor(readonly check: HealthCheck) {}

  /** The last sample says something else than the status does. */
  get isUnconfirmed(): boolean {
    return this.last !== null && this.last.isUp !== (this.status === 'up');
  }

  record(sample: Sample): void {
    const isConfirmed = this.isUnconfirmed && sample.isUp === this.last?.isUp;
    if (this.last === null || isConfirmed) {
      this.status = sample.isUp ? 'up' : 'down';
      this.since = sample.at;
    }
    this.last = sample;
  }
}
