import { makeGaugeProvider } from '@willsoto/nestjs-prometheus';
import type { Gauge } from 'prom-client';
import { setOrRemove } from '../metrics/collected.js';
import { RuntimeConfig } from './runtime-config.js';

export const runtimeConfigMetrics = [
  makeGaugeProvider({
    name: 'runtime_config_revision',
    help: 'Revision of the runtime configuration that counts here; instances that differ for long do not hear.',
    inject: [RuntimeConfig],
    collect(this: Gauge, { stored }: RuntimeConfig) {
      setOrRemove(this, stored?.revision);
    },
  }),
];
