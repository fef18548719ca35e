import { collectedCounter, collectedGauge } from '../metrics/collected.js';
import type { FeatureFlags } from './feature-flags.js';

export function declareFlagMetrics(flags: FeatureFlags): void {
  collectedGauge({
    name: 'feature_flags_last_success_timestamp_seconds',
    help: 'When the flags were fetched last. Absent without a server; 0 if it has never answered.',
    values: () => {
      const { configured, lastSuccess } = flags.state();
      return configured ? [{ value: (lastSuccess?.getTime() ?? 0) / 1000 }] : [];
    },
  });
  collectedCounter({
    name: 'feature_flag_evaluations_total',
    help: 'How often a flag was asked for, by what it said.',
    labelNames: ['flag', 'result'],
    values: () => flags.evaluations,
  });
}
