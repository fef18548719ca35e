import { makeCounterProvider, makeGaugeProvider } from '@willsoto/nestjs-prometheus';
import type { Counter, Gauge } from 'prom-client';
import { countAll } from '../metrics/collected.js';
import { logLevels } from './log-levels.js';
import { ServiceLog } from './service-log.js';

export const logMetrics = [
  makeCounterProvider({
    name: 'log_messages_total',
    help: 'Lines that were logged.',
    labelNames: ['level'],
    inject: [ServiceLog],
    collect(this: Counter, log: ServiceLog) {
      countAll(
        this,
        logLevels.map((level) => ({ labels: { level }, value: log.countOf(level) })),
      );
    },
  }),
  makeCounterProvider({
    name: 'log_messages_dropped_total',
    help: 'Lines that were dropped because whoever reads the log did not.',
    inject: [ServiceLog],
    collect(this: Counter, { destination }: ServiceLog) {
      countAll(this, [{ value: destination.dropped }]);
    },
  }),
  makeGaugeProvider({
    name: 'app_log_level_override',
    help: 'Contexts whose level was changed while the process runs.',
    inject: [ServiceLog],
    collect(this: Gauge, { levels }: ServiceLog) {
      this.set(levels.overrides);
    },
  }),
];
