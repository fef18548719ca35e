import { Injectable, type Provider } from '@nestjs/common';
import { InjectMetric, makeCounterProvider, makeHistogramProvider } from '@willsoto/nestjs-prometheus';
import type { Counter, Histogram } from 'prom-client';
import type { MeasurementOutcome } from '../gate-run.model.js';

const VERDICT_DELAY = 'gate_verdict_delay_seconds';
const LATENESS = 'gate_measurement_lateness_seconds';
const MEASUREMENTS = 'gate_measurements_total';
const PUT_ASIDE = 'gate_runs_put_aside_total';

/** `failed`: engines failed with the run too often; `abandoned`: no engine took it, and its deadline passed. */
export type PutAsideCause = 'failed' | 'abandoned';

/** The metrics of gates. Types and outcomes are closed sets. */
@Injectable()
export class GateMetrics {
  constructor(
    @InjectMetric(VERDICT_DELAY) private readonly verdictDelay: Histogram,
    @InjectMetric(LATENESS) private readonly lateness: Histogram,
    @InjectMetric(MEASUREMENTS) private readonly measurements: Counter,
    @InjectMetric(PUT_ASIDE) private readonly asides: Counter,
  ) {}

  concluded(delayMs: number): void {
    this.verdictDelay.observe(Math.max(0, delayMs) / 1000);
  }

  begun(latenessMs: number): void {
    this.lateness.observe(Math.max(0, latenessMs) / 1000);
  }

  stored(type: string, outcome: MeasurementOutcome): void {
    this.measurements.inc({ type, outcome });
  }

  putAside(cause: PutAsideCause): void {
    this.asides.inc({ cause });
  }
}

export const gateMetricProviders: Provider[] = [
  GateMetrics,
  makeHistogramProvider({
    name: VERDICT_DELAY,
    help: 'From when the last thing that a verdict rests on was due to the verdict.',
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
  }),
  makeHistogramProvider({
    name: LATENESS,
    help: 'From when a measurement was due to its begin.',
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15],
  }),
  makeCounterProvider({
    name: MEASUREMENTS,
    help: 'Measurements of gates that were stored.',
    labelNames: ['type', 'outcome'],
  }),
  makeCounterProvider({
    name: PUT_ASIDE,
    help: 'Gate runs that Plimsoll could not watch and put on hold: a person has to decide.',
    labelNames: ['cause'],
  }),
];
