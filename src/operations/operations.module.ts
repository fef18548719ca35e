import { type DynamicModule, type INestApplicationContext, Module, type Provider } from '@nestjs/common';
import { AuditModule } from './audit/audit.module.js';
import { OperationsAudit } from './audit/operations-audit.js';
import { ConfigurationModule } from './config/configuration.module.js';
import type { Configuration } from './config/load-settings.js';
import { Secrets } from './config/secrets.js';
import { SETTINGS } from './config/settings.js';
import { DiagnosticsModule } from './diagnostics/diagnostics.module.js';
import { ErrorsModule } from './errors/errors.module.js';
import { UnexpectedErrors } from './errors/unexpected-errors.js';
import { FeatureFlags } from './flags/feature-flags.js';
import { FeatureFlagsModule } from './flags/feature-flags.module.js';
import { HealthChecks } from './health/health-checks.js';
import { ProbesController } from './health/health.controller.js';
import { HealthModule } from './health/health.module.js';
import { Readiness } from './health/readiness.js';
import { StartupPhases } from './health/startup-phases.js';
import { AppInfo } from './info/app-info.js';
import { InfoModule } from './info/info.module.js';
import { LifecycleModule, ShutdownModule } from './lifecycle/lifecycle.module.js';
import { ProcessPhase } from './lifecycle/process-phase.js';
import { Shutdown } from './lifecycle/shutdown.js';
import { LoggingModule } from './logging/logging.module.js';
import { NestLogger } from './logging/nest-logger.js';
import { ServiceLog } from './logging/service-log.js';
import { MainPort } from './main-port/main-port.js';
import { MainPortModule } from './main-port/main-port.module.js';
import { MetricsModule } from './metrics/metrics.module.js';
import { OutboundCalls } from './outbound/outbound-calls.js';
import { OutboundModule } from './outbound/outbound.module.js';
import { PortModule } from './port/port.module.js';
import { Reports } from './reports/reports.js';
import { ReportsModule } from './reports/reports.module.js';
import { RuntimeConfig } from './runtime-config/runtime-config.js';
import { RuntimeConfigModule } from './runtime-config/runtime-config.module.js';

/** The instances that the operations application shares with the service application. */
const shared = [
  SETTINGS,
  Secrets,
  ProcessPhase,
  Shutdown,
  HealthChecks,
  StartupPhases,
  Readiness,
  AppInfo,
  Reports,
  OperationsAudit,
  OutboundCalls,
  RuntimeConfig,
  ServiceLog,
  NestLogger,
  UnexpectedErrors,
  MainPort,
];

/** How this process runs. Other modules register here what must be closed, checked or counted. */
@Module({})
export class OperationsModule {
  /** The operations application. It has a separate port, and starts before the service application. */
  static forRoot(configuration: Configuration, log: ServiceLog): DynamicModule {
    return {
      module: OperationsModule,
      imports: [
        ConfigurationModule.forRoot(configuration),
        LoggingModule.forRoot(log),
        LifecycleModule,
        HealthModule,
        PortModule,
        AuditModule,
        ErrorsModule,
        OutboundModule,
        InfoModule,
        MetricsModule,
        ReportsModule,
        FeatureFlagsModule,
        RuntimeConfigModule,
        MainPortModule,
        DiagnosticsModule.forRoot(configuration.settings),
      ],
    };
  }

  /** For the service application. Also answers `/livez` and `/readyz` on its port. */
  static of(operations: INestApplicationContext): DynamicModule {
    const providers: Provider[] = [
      ...shared.map((provide) => ({ provide, useValue: operations.get(provide) as unknown })),
      { provide: FeatureFlags, useFactory: () => operations.get(FeatureFlags).open() },
    ];
    return {
      module: OperationsModule,
      global: true,
      imports: [ShutdownModule],
      controllers: [ProbesController],
      providers,
      exports: [...shared, FeatureFlags],
    };
  }
}
