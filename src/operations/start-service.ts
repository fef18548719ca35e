import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Configuration } from './config/load-settings.js';
import { reloadSecretsOnChange } from './config/secret-reload.js';
import { Secrets } from './config/secrets.js';
import { UnexpectedErrors } from './errors/unexpected-errors.js';
import { StartupPhases } from './health/startup-phases.js';
import { AppInfo } from './info/app-info.js';
import { Lifecycle } from './lifecycle/lifecycle.js';
import { ProcessPhase } from './lifecycle/process-phase.js';
import { Shutdown } from './lifecycle/shutdown.js';
import { signals } from './lifecycle/signals.js';
import { StallWatch } from './lifecycle/stall-watch.js';
import { ServiceLog } from './logging/service-log.js';
import { createOperations } from './operations-application.js';
import { tracing } from './tracing/tracing.js';

const CLOSE_WITHIN_MS = 500;

/**
 * Creates the service application, configured but not listening yet. Loads the heavy modules: the operations port is
 * already open.
 */
export type Build = (operations: NestFastifyApplication) => Promise<NestFastifyApplication>;

/** Starts the operations application, then the service application. Whatever ends the process ends both. */
export async function startService(configuration: Configuration, build: Build): Promise<void> {
  const operations = await createOperations(configuration);
  const log = operations.get(ServiceLog);
  const lifecycle = lifecycleOf(operations, configuration);
  signals.on('signal', (signal) => lifecycle.onSignal(signal));
  process.on('uncaughtException', (error, origin) => {
    operations.get(UnexpectedErrors).capture(error, origin);
    lifecycle.onFatal(error);
  });
  reloadSecretsOnChange({ secrets: operations.get(Secrets), secretValues: log.secrets, logger: log.logger });
  await start(operations, lifecycle, configuration, build).catch((error: unknown) => {
    // Ignore errors from an aborted start.
    if (!operations.get(ProcessPhase).isDraining) lifecycle.onFatal(error);
  });
}

function lifecycleOf(operations: NestFastifyApplication, { settings }: Configuration): Lifecycle {
  const [phase, shutdown] = [operations.get(ProcessPhase), operations.get(Shutdown)];
  const [log, errors] = [operations.get(ServiceLog), operations.get(UnexpectedErrors)];
  return new Lifecycle(
    { settings, phase, shutdown, log, errors },
    { closeListener: () => closeSoon(operations), exit: (code) => process.exit(code) },
  );
}

async function start(
  operations: NestFastifyApplication,
  lifecycle: Lifecycle,
  { settings }: Configuration,
  build: Build,
): Promise<void> {
  const [startup, phase] = [operations.get(StartupPhases), operations.get(ProcessPhase)];
  const log = operations.get(ServiceLog);
  const applicationIsUp = startup.register('application', 0);
  startup.register('configuration', 0)();
  startup.register('secrets', 0)();
  await operations.listen(settings.opsPort, settings.opsHost);
  log.logger.info({ context: 'Operations', url: await operations.getUrl() }, 'operations listener is up');
  // Requests that already wait are answered before the rest is loaded.
  await new Promise(setImmediate);
  operations.get(StallWatch).start({ deadlineMs: settings.stallDeadlineMs, log, isWatched: () => startup.isComplete });
  await startTracing(operations, settings);
  // The process is ending: building more would only delay the exit.
  if (phase.isDraining) return;
  const application = await build(operations);
  lifecycle.application = application;
  if (phase.isDraining) return;
  await application.listen(settings.port, settings.host);
  log.logger.info({ context: 'MainPort', url: await application.getUrl() }, 'listening');
  applicationIsUp();
  await startup.completed;
  phase.apply('started');
}

async function startTracing(operations: NestFastifyApplication, settings: Configuration['settings']): Promise<void> {
  const [info, secrets, log] = [operations.get(AppInfo), operations.get(Secrets), operations.get(ServiceLog)];
  await tracing.start(settings, {
    version: info.labels().version,
    headers: () => secrets.get('otelExporterOtlpHeaders'),
    redact: (text) => log.secrets.redact(text),
    logger: log.logger,
  });
}

/** Waits at most half a second until the answers in progress are sent. */
async function closeSoon(operations: NestFastifyApplication): Promise<void> {
  const timer = setTimeout(() => operations.getHttpServer().closeAllConnections(), CLOSE_WITHIN_MS);
  await operations.close();
  clearTimeout(timer);
}
