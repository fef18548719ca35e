import type { Severity } from './alert.ts';

/** The budget is spent `rate` times as fast as it may be, over both windows. */
export interface BurnRate {
  /** What the alert's name ends with. */
  readonly name: string;
  readonly rate: number;
  readonly long: string;
  /** So that the alert ends soon after the trouble does. */
  readonly short: string;
  readonly for: string;
  readonly severity: Severity;
}

/** A share of requests that may go wrong within `window`. */
export interface Slo {
  readonly name: string;
  readonly alert: string;
  readonly objective: number;
  readonly window: string;
  /** Fewer failures than these in the long window are nobody's emergency, however few requests there were. */
  readonly leastFailures: number;
  readonly burnRates: readonly BurnRate[];
}

/** Requests of a kind, and the time within which nearly all of them are to be answered. */
export interface LatencyObjective {
  readonly kind: string;
  /** One of the buckets of http_server_request_duration_seconds. */
  readonly withinSeconds: number;
  /** A selector; each request belongs to one row. */
  readonly selector: string;
}

/** Answered by 5xx counts as failed, whatever was asked; probes are not asked by anybody who waits for an answer. */
export const availability: Slo = {
  name: 'availability',
  alert: 'ErrorBudgetBurn',
  objective: 0.999,
  window: '30d',
  leastFailures: 5,
  burnRates: [
    { name: 'Fast', rate: 14.4, long: '1h', short: '5m', for: '2m', severity: 'page' },
    { name: 'Medium', rate: 6, long: '6h', short: '30m', for: '15m', severity: 'page' },
    { name: 'Slow', rate: 3, long: '1d', short: '2h', for: '1h', severity: 'ticket' },
    { name: 'Creeping', rate: 1, long: '3d', short: '6h', for: '3h', severity: 'ticket' },
  ],
};

/** Slower than the objective of its kind counts as failed. */
export const latency: Slo = {
  name: 'latency',
  alert: 'LatencyBudgetBurn',
  objective: 0.99,
  window: '30d',
  leastFailures: 20,
  burnRates: [
    { name: '', rate: 14.4, long: '1h', short: '5m', for: '2m', severity: 'page' },
    { name: 'Slow', rate: 3, long: '1d', short: '2h', for: '1h', severity: 'ticket' },
  ],
};

/** Those of which the time says something: no probes, no event streams, no long polls. docs/reference/metrics.md has it. */
const timed = 'route!~"/livez|/readyz|/v1/events|.*[?]wait"';
/** They read or write a lot in one request. */
const large = '/v1/dora|/v1/imports|/v1/audit|/v1/webhooks/alertmanager|.*/gate/dry-run';

export const latencyObjectives: readonly LatencyObjective[] = [
  { kind: 'read', withinSeconds: 0.25, selector: `method=~"GET|HEAD", ${timed}, route!~"${large}"` },
  { kind: 'write', withinSeconds: 0.5, selector: `method!~"GET|HEAD", ${timed}, route!~"${large}"` },
  { kind: 'large', withinSeconds: 5, selector: `route=~"${large}"` },
];
