import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { InvalidSettings } from './config/invalid-settings.js';
import { type Configuration, loadConfiguration } from './config/load-settings.js';
import { reloadSecretsOnChange } from './config/secret-reload.js';
import { Lifecycle } from './lifecycle/lifecycle.js';
import { signals } from './lifecycle/signals.js';
import { OpsListener } from './listener/ops-listener.js';
import { OpsResponder } from './listener/ops-responder.js';
import { standardOutput } from './logging/log-destination.js';
import { ServiceLog } from './logging/service-log.js';
import { keepTickShape } from './main-port/tick-shape.js';
import { ServiceProcess } from './service-process.js';

const EXIT_INVALID_CONFIGURATION = 78;

/** Makes the application, configured but not listening yet. Loads what is heavy: the operations listener is up already. */
type Build = (process: ServiceProcess) => Promise<NestFastifyApplication>;

/**
 * Runs the service until a signal or a fatal error ends the process.
 * Exit codes: 0 clean, 70 fatal error, 78 invalid configuration, 124 deadline of the shutdown, 130 second signal.
 */
export async function runService(build: Build): Promise<void> {
  keepTickShape();
  const configuration = configurationOrExit();
  const service = new ServiceProcess(configuration, new ServiceLog(configuration.settings, standardOutput()));
  const listener = listenerOf(service);
  const lifecycle = new Lifecycle(service, {
    closeListener: () => listener.close(),
    exit: (code) => process.exit(code),
  });
  ownSignalsAndFaults(service, lifecycle);
  reloadSecretsOnChange({ secrets: service.secrets, secretValues: service.log.secrets, logger: service.log.logger });
  await start(service, lifecycle, listener, build).catch((error: unknown) => {
    // A start that is aborted may fail in any way it likes.
    if (!service.phase.isDraining) lifecycle.onFatal(error);
  });
}

function configurationOrExit(): Configuration {
  try {
    return loadConfiguration();
  } catch (error) {
    if (!(error instanceof InvalidSettings)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(EXIT_INVALID_CONFIGURATION);
  }
}

function listenerOf(service: ServiceProcess): OpsListener {
  const { logger } = service.log;
  const responder = new OpsResponder(service.opsRoutes, service.guard, {
    onAnswer: (path, status) => service.opsCounts.add(path, status),
    onGuarded: (request) => service.audit.observe(request),
    onError: (path, err) => logger.error({ context: 'Operations', err }, `${path} could not be answered`),
  });
  const listener = new OpsListener(responder, {
    onBroken: (cause) => {
      throw new Error('the operations listener has died', { cause });
    },
    // While it starts, loading modules stalls it, and harms nobody.
    onStallOver: (stalledMs) => {
      if (service.startup.isComplete) logger.warn({ context: 'Operations', stalledMs }, 'the event loop was stalled');
    },
  });
  service.opsCounts.livez = () => listener.livezAnswers();
  return listener;
}

/** Nest would end by signalling itself, which does nothing to PID 1 of a container. */
function ownSignalsAndFaults(service: ServiceProcess, lifecycle: Lifecycle): void {
  signals.onSignal = (signal) => lifecycle.onSignal(signal);
  process.on('uncaughtException', (error, origin) => {
    service.errors.capture(error, origin);
    lifecycle.onFatal(error);
  });
}

async function start(
  service: ServiceProcess,
  lifecycle: Lifecycle,
  listener: OpsListener,
  build: Build,
): Promise<void> {
  const { startup, phase, log, configuration } = service;
  const { opsHost, opsPort, host, port } = configuration.settings;
  const applicationIsUp = startup.register('application', 0);
  startup.register('configuration', 0)();
  startup.register('secrets', 0)();
  const listensOn = await listener.start(opsHost, opsPort);
  log.logger.info({ context: 'Operations', host: opsHost, port: listensOn }, 'operations listener is up');
  const { declareProcessMetrics } = await import('./metrics/process-metrics.js');
  declareProcessMetrics(service);
  // What would be built now would only hold the exit up.
  if (phase.isDraining) return;
  const application = await build(service);
  lifecycle.application = application;
  if (phase.isDraining) return;
  await application.listen(port, host);
  log.logger.info({ context: 'MainPort', url: await application.getUrl() }, 'listening');
  applicationIsUp();
  await startup.completed;
  phase.apply('started');
}
