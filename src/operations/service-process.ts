import { OperationsAudit } from './audit/operations-audit.js';
import { configRoutes } from './config/config-routes.js';
import type { Configuration } from './config/load-settings.js';
import { Secrets } from './config/secrets.js';
import { Diagnostics } from './diagnostics/diagnostics.js';
import { ErrorReporter } from './errors/error-reporter.js';
import { UnexpectedErrors } from './errors/unexpected-errors.js';
import { drainRoutes } from './health/drain-routes.js';
import { HealthChecks } from './health/health-checks.js';
import { healthRoutes } from './health/health-routes.js';
import { Readiness } from './health/readiness.js';
import { StartupPhases } from './health/startup-phases.js';
import { AppInfo } from './info/app-info.js';
import { sbomRoutes } from './info/sbom-routes.js';
import { ProcessPhase } from './lifecycle/process-phase.js';
import { Shutdown } from './lifecycle/shutdown.js';
import { OpsCounts } from './listener/ops-counts.js';
import { OpsGuard } from './listener/ops-guard.js';
import { OpsRoutes } from './listener/ops-routes.js';
import { loggerRoutes } from './logging/logger-routes.js';
import { ServiceLog } from './logging/service-log.js';
import { Mappings } from './main-port/mappings.js';
import { metricsRoutes } from './metrics/metrics-routes.js';
import { OutboundCalls } from './outbound/outbound-calls.js';
import { Reports } from './reports/reports.js';

/** The running process: what lives from before Nest is created until after it is closed. Loads nothing of Nest. */
export class ServiceProcess {
  readonly phase = new ProcessPhase();
  readonly shutdown = new Shutdown();
  readonly startup = new StartupPhases();
  readonly healthChecks = new HealthChecks();
  readonly readiness = new Readiness(this.phase, this.startup, this.healthChecks);
  readonly opsRoutes = new OpsRoutes();
  readonly opsCounts = new OpsCounts();
  readonly mappings = new Mappings(this.opsRoutes);
  readonly reports = new Reports();
  readonly secrets: Secrets;
  readonly guard: OpsGuard;
  readonly info: AppInfo;
  /** What runtime configuration there is, for `/config`; set by whoever keeps it. */
  runtimeValues: () => object[] = () => [];
  readonly audit: OperationsAudit;
  readonly outbound: OutboundCalls;
  readonly errors: UnexpectedErrors;

  constructor(
    readonly configuration: Pick<Configuration, 'settings'> & Partial<Configuration>,
    readonly log = new ServiceLog(configuration.settings),
  ) {
    const { settings, hash = 'none' } = configuration;
    this.secrets = new Secrets(settings);
    this.guard = new OpsGuard(settings.opsMaxAccess, this.secrets);
    this.info = new AppInfo(settings, hash);
    const { sentryDsn: dsn, appEnv: environment } = settings;
    const redact = (text: string) => log.secrets.redact(text);
    const { version: release } = this.info.labels();
    this.audit = new OperationsAudit(log.logger, redact);
    this.outbound = new OutboundCalls(log.logger);
    const target = dsn && { dsn, release, environment, redact, peer: this.outbound.peer('sentry') };
    this.errors = new UnexpectedErrors(target ? new ErrorReporter(target) : null);
    log.onError = (error) => this.errors.capture(error, 'logged');
    const diagnostics = new Diagnostics({
      directory: settings.diagnosticsDir,
      noticeMs: settings.shutdownDelayMs,
      readiness: this.readiness,
      logger: log.logger,
    });
    this.opsRoutes.register(
      ...healthRoutes(this),
      ...drainRoutes(this.readiness),
      ...this.info.routes(),
      ...sbomRoutes(),
      ...metricsRoutes(),
      ...configRoutes(configuration, () => this.runtimeValues()),
      ...loggerRoutes(log.levels),
      ...this.mappings.routes(),
      ...this.reports.routes(),
      ...diagnostics.routes(),
    );
  }
}
