import { Module, type OnModuleInit } from '@nestjs/common';
import { Shutdown } from '../lifecycle/shutdown.js';
import { OpsRoutes } from '../listener/ops-routes.js';
import { collectedGauge } from '../metrics/collected.js';
import { ServiceProcess } from '../service-process.js';
import { RuntimeConfig } from './runtime-config.js';
import { runtimeConfigRoutes } from './runtime-config-routes.js';

/** An announcement can be lost. */
const POLL_EVERY_MS = 30_000;

@Module({ providers: [RuntimeConfig], exports: [RuntimeConfig] })
export class RuntimeConfigModule implements OnModuleInit {
  constructor(
    private readonly config: RuntimeConfig,
    private readonly shutdown: Shutdown,
    process: ServiceProcess,
    routes: OpsRoutes,
  ) {
    routes.register(...runtimeConfigRoutes(config));
    process.runtimeValues = () => config.list();
    collectedGauge({
      name: 'runtime_config_revision',
      help: 'Revision of the runtime configuration that counts here; instances that differ for long do not hear.',
      values: () => (config.stored ? [{ value: config.stored.revision }] : []),
    });
    config.onChange(({ logLevel }) => process.log.levels.configure(logLevel));
  }

  onModuleInit(): void {
    const timer = setInterval(() => void this.config.refresh(), POLL_EVERY_MS).unref();
    this.shutdown.steps.register('jobs', 'runtime configuration', async () => clearInterval(timer));
    void this.config.refresh();
  }
}
