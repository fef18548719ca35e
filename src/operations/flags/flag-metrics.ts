import { makeCounterProvider, makeGaugeProvider } from '@willsoto/nestjs-prometheus';
import type { Counter, Gauge } from 'prom-client';
import { countAll, setOrRemove } from '../metrics/collected.js';
import { FeatureFlags } from './feature-flags.js';

export const flagMetrics = [
  makeGaugeProvider({
    name: 'feature_flags_last_success_timestamp_seconds',
    help: 'When the flags were fetched last. Absent without a server; 0 if it has never answered.',
    inject: [FeatureFlags],
    collect(this: Gauge, flags: FeatureFlags) {
      const { configured, lastSuccess } = flags.state();
      setOrRemove(this, configured ? (lastSuccess?.getTime() ?? 0) / 1000 : undefined);
    },
  }),
  makeCounterProvider({
    name: 'feature_flag_evaluations_total',
    help: 'How often a flag was asked for, by what it said.',
    labelNames: ['flag', 'result'],
    inject: [FeatureFlags],
    collect(this: Counter, { evaluations }: FeatureFlags) {
      countAll(this, evaluations);
    },
  }),
];
