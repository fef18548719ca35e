import { InvalidSettings } from './config/invalid-settings.js';
import { type Configuration, loadConfiguration } from './config/load-settings.js';
import { loadInSteps } from './load-in-steps.js';
import { keepTickShape } from './main-port/tick-shape.js';
import type { Build } from './start-service.js';

const EXIT_INVALID_CONFIGURATION = 78;

/**
 * Runs the service until a signal or a fatal error ends the process.
 * Exit codes: 0 clean, 70 fatal error or stall, 78 invalid configuration, 124 deadline of the shutdown, 130 second signal.
 */
export async function runService(build: Build): Promise<void> {
  keepTickShape();
  const configuration = configurationOrExit();
  await loadInSteps(
    () => import('@nestjs/common'),
    () => import('@nestjs/core'),
    () => import('@nestjs/platform-fastify'),
  );
  const { startService } = await import('./start-service.js');
  await startService(configuration, build);
}

/** Before Nest is loaded, so that a process that cannot start says so immediately. */
function configurationOrExit(): Configuration {
  try {
    return loadConfiguration();
  } catch (error) {
    if (!(error instanceof InvalidSettings)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(EXIT_INVALID_CONFIGURATION);
  }
}
