import { Module, type OnModuleInit } from '@nestjs/common';
import { ConfigModule } from '../config/config.module.js';
import { Shutdown } from '../lifecycle/shutdown.js';
import { ServiceLog } from '../logging/service-log.js';
import { runtimeConfigMetrics } from './runtime-config-metrics.js';
import { RuntimeConfigController } from './runtime-config.controller.js';
import { RuntimeConfig, runtimeConfig } from './runtime-config.js';

/** Read regularly, because an announcement can be lost. */
const POLL_EVERY_MS = 30_000;

@Module({
  imports: [ConfigModule.forFeature(runtimeConfig)],
  controllers: [RuntimeConfigController],
  providers: [...runtimeConfigMetrics, RuntimeConfig],
  exports: [RuntimeConfig],
})
export class RuntimeConfigModule implements OnModuleInit {
  constructor(
    private readonly config: RuntimeConfig,
    private readonly shutdown: Shutdown,
    log: ServiceLog,
  ) {
    config.onChange(({ logLevel }) => log.levels.configure(logLevel));
  }

  onModuleInit(): void {
    const timer = setInterval(() => void this.config.refresh(), POLL_EVERY_MS).unref();
    this.shutdown.steps.register('jobs', 'runtime configuration', async () => clearInterval(timer));
  }
}
