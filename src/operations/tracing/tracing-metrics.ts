import { makeCounterProvider } from '@willsoto/nestjs-prometheus';
import type { Counter } from 'prom-client';
import { countAll } from '../metrics/collected.js';
import { tracing } from './tracing.js';

export const tracingMetrics = [
  makeCounterProvider({
    name: 'trace_spans_total',
    help: 'Recorded spans: exported, failed where the collector did not take them, dropped where too many waited for it.',
    labelNames: ['outcome'],
    // All values are 0 while tracing is off.
    collect(this: Counter) {
      countAll(
        this,
        Object.entries(tracing.counts).map(([outcome, value]) => ({ labels: { outcome }, value })),
      );
    },
  }),
];
