import { makeGaugeProvider } from '@willsoto/nestjs-prometheus';
import type { Gauge } from 'prom-client';
import { AppInfo } from './app-info.js';

export const infoMetrics = [
  makeGaugeProvider({
    name: 'app_build_info',
    help: 'What runs; always 1.',
    labelNames: ['version', 'git_sha', 'node'],
    inject: [AppInfo],
    collect(this: Gauge, info: AppInfo) {
      this.set(info.labels(), 1);
    },
  }),
  makeGaugeProvider({
    name: 'app_config_info',
    help: 'The hash of the settings without the secrets; always 1.',
    labelNames: ['hash'],
    inject: [AppInfo],
    collect(this: Gauge, { configHash }: AppInfo) {
      this.set({ hash: configHash }, 1);
    },
  }),
];
