import { Inject, Module } from '@nestjs/common';
import { Secrets } from '../config/secrets.js';
import { SETTINGS, type Settings } from '../config/settings.js';
import { HealthChecks } from '../health/health-checks.js';
import { StartupPhases } from '../health/startup-phases.js';
import { Shutdown } from '../lifecycle/shutdown.js';
import { OpsRoutes } from '../listener/ops-routes.js';
import { OutboundCalls } from '../outbound/outbound-calls.js';
import { BootstrapFlags } from './bootstrap-flags.js';
import { FeatureFlags } from './feature-flags.js';
import { declareFlagMetrics } from './flag-metrics.js';
import { flagRoutes } from './flag-routes.js';
import { measureUnleash } from './unleash-calls.js';
import { bootstrapClient } from './unleash-clients.js';
import { UnleashConnection } from './unleash-connection.js';

/** Feature flags from Unleash. Readiness does not wait for them: without the server the last known values count. */
@Module({
  providers: [
    { provide: BootstrapFlags, useFactory: () => BootstrapFlags.read() },
    { provide: UnleashConnection, inject: [SETTINGS, Secrets, OutboundCalls, Shutdown], useFactory: connectionOf },
    {
      provide: FeatureFlags,
      inject: [BootstrapFlags, UnleashConnection],
      useFactory: async (bootstrap: BootstrapFlags, connection: UnleashConnection | null) =>
        new FeatureFlags(await bootstrapClient(bootstrap), connection),
    },
  ],
  exports: [FeatureFlags],
})
export class FeatureFlagsModule {
  constructor(
    flags: FeatureFlags,
    @Inject(UnleashConnection) connection: UnleashConnection | null,
    startup: StartupPhases,
    routes: OpsRoutes,
    healthChecks: HealthChecks,
    shutdown: Shutdown,
  ) {
    // There is always the bootstrap file; the server is not waited for.
    startup.register('flags')();
    routes.register(...flagRoutes(flags));
    declareFlagMetrics(flags);
    if (!connection) return;
    healthChecks.register({ name: 'unleash', required: false, check: () => connection.assertHeard() });
    shutdown.steps.register('flags', 'unleash', async () => connection.close());
  }
}

function connectionOf(
  { unleashUrl: url, unleashRefreshMs: refreshMs }: Settings,
  secrets: Secrets,
  outbound: OutboundCalls,
  shutdown: Shutdown,
): UnleashConnection | null {
  if (url === undefined) return null;
  const connection = new UnleashConnection({ url, refreshMs, token: () => secrets.get('unleashToken') ?? '' });
  // At once, or the first question would be missed.
  const stopMeasuring = measureUnleash(outbound, connection);
  shutdown.steps.register('flags', 'measuring unleash', async () => stopMeasuring());
  return connection;
}
