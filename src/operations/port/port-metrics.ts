import { makeCounterProvider } from '@willsoto/nestjs-prometheus';
import type { Counter } from 'prom-client';
import { countAll } from '../metrics/collected.js';
import { OpsCounts } from './ops-counts.js';

export const portMetrics = [
  makeCounterProvider({
    name: 'ops_requests_total',
    help: 'Answers of the operations listener.',
    labelNames: ['path', 'status_code'],
    inject: [OpsCounts],
    collect(this: Counter, counts: OpsCounts) {
      countAll(this, counts.values());
    },
  }),
];
