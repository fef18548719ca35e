import { makeCounterProvider } from '@willsoto/nestjs-prometheus';
import type { Counter } from 'prom-client';
import { countAll } from '../metrics/collected.js';
import { UnexpectedErrors } from './unexpected-errors.js';

export const errorMetrics = [
  makeCounterProvider({
    name: 'unhandled_errors_total',
    help: 'Errors that nobody expected: logged as errors, or not caught, which ends the process.',
    labelNames: ['kind'],
    inject: [UnexpectedErrors],
    collect(this: Counter, { counts }: UnexpectedErrors) {
      countAll(
        this,
        Object.entries(counts).map(([kind, value]) => ({ labels: { kind }, value })),
      );
    },
  }),
];
