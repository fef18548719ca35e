import { type DynamicModule, Module } from '@nestjs/common';
import { OperationsAudit } from './audit/operations-audit.js';
import { ConfigModule } from './config/config.module.js';
import { Secrets } from './config/secrets.js';
import type { Settings } from './config/settings.js';
import { FeatureFlagsModule } from './flags/feature-flags.module.js';
import { HealthChecks } from './health/health-checks.js';
import { HealthModule } from './health/health.module.js';
import { StartupPhases } from './health/startup-phases.js';
import { AppInfo } from './info/app-info.js';
import { LifecycleModule } from './lifecycle/lifecycle.module.js';
import { ProcessPhase } from './lifecycle/process-phase.js';
import { Shutdown } from './lifecycle/shutdown.js';
import { OpsRoutes } from './listener/ops-routes.js';
import { LoggingModule } from './logging/logging.module.js';
import { MainPort } from './main-port/main-port.js';
import { MetricsModule } from './metrics/metrics.module.js';
import { OutboundCalls } from './outbound/outbound-calls.js';
import { RuntimeConfigModule } from './runtime-config/runtime-config.module.js';
import { Reports } from './reports/reports.js';
import { ServiceProcess } from './service-process.js';

/** How this process is run. Others register with it what they have to close, to check, to count. */
@Module({})
export class OperationsModule {
  /** Tests leave the process out and get one of their own. */
  static forRoot(settings: Settings, process = new ServiceProcess({ settings })): DynamicModule {
    const parts = [
      { provide: ServiceProcess, useValue: process },
      { provide: ProcessPhase, useValue: process.phase },
      { provide: Shutdown, useValue: process.shutdown },
      { provide: HealthChecks, useValue: process.healthChecks },
      { provide: StartupPhases, useValue: process.startup },
      { provide: OpsRoutes, useValue: process.opsRoutes },
      { provide: AppInfo, useValue: process.info },
      { provide: Reports, useValue: process.reports },
      { provide: Secrets, useValue: process.secrets },
      { provide: OperationsAudit, useValue: process.audit },
      { provide: OutboundCalls, useValue: process.outbound },
    ];
    return {
      module: OperationsModule,
      global: true,
      imports: [
        ConfigModule.forRoot(settings),
        LoggingModule.forRoot(process.log),
        MetricsModule,
        HealthModule,
        LifecycleModule,
        FeatureFlagsModule,
        RuntimeConfigModule,
      ],
      providers: [...parts, MainPort],
      exports: [...parts, MainPort, FeatureFlagsModule, RuntimeConfigModule],
    };
  }
}
