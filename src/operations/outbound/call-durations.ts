import { DurationCounts } from '../metrics/duration-counts.js';
import type { PeerName } from './declared-peers.js';

const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export type StatusClass = '1xx' | '2xx' | '3xx' | '4xx' | '5xx' | 'error' | 'timeout';

const classes: readonly StatusClass[] = ['1xx', '2xx', '3xx', '4xx', '5xx'];

export function statusClassOf(status: number): StatusClass {
  return classes[Math.floor(status / 100) - 1] ?? 'error';
}

/** Durations of calls by peer and outcome; cheap enough for thousands of probes a second. A metric like any other. */
export class CallDurations {
  readonly name = 'http_client_request_duration_seconds';
  readonly #counts = new Map<PeerName, Map<StatusClass, DurationCounts>>();

  observe(peer: PeerName, statusClass: StatusClass, seconds: number): void {
    this.#countsOf(peer, statusClass).observe(seconds);
  }

  /** What prom-client's registry asks of a metric. */
  async get() {
    const values = [...this.#counts].flatMap(([peer, ofPeer]) =>
      [...ofPeer].flatMap(([statusClass, counts]) => counts.values(this.name, { peer, status_class: statusClass })),
    );
    const help = 'Duration of calls to others; error and timeout where there was no answer.';
    return { name: this.name, help, type: 'histogram', values };
  }

  /** Likewise. */
  reset(): void {
    this.#counts.clear();
  }

  #countsOf(peer: PeerName, statusClass: StatusClass): DurationCounts {
    const ofPeer = this.#counts.get(peer) ?? new Map<StatusClass, DurationCounts>();
    const known = ofPeer.get(statusClass);
    if (known) return known;
    const counts = new DurationCounts(buckets);
    this.#counts.set(peer, ofPeer.set(statusClass, counts));
    return counts;
  }
}
