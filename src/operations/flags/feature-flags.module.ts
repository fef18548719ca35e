import { Module } from '@nestjs/common';
import { flagsConfig } from './flags.config.js';
import { ConfigModule } from '../config/config.module.js';
import { OutboundModule } from '../outbound/outbound.module.js';
import { BootstrapFlags } from './bootstrap-flags.js';
import { FeatureFlags } from './feature-flags.js';
import { flagMetrics } from './flag-metrics.js';
import { FlagsController } from './flags.controller.js';

/** Feature flags from Unleash. Readiness does not wait for them: without the server the last known values count. */
@Module({
  imports: [ConfigModule.forFeature(flagsConfig), OutboundModule],
  controllers: [FlagsController],
  providers: [...flagMetrics, { provide: BootstrapFlags, useFactory: () => BootstrapFlags.read() }, FeatureFlags],
  exports: [FeatureFlags],
})
export class FeatureFlagsModule {}
