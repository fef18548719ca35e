import type { Configuration } from './config/load-settings.js';
import { HealthChecks } from './health/health-checks.js';
import { StartupPhases } from './health/startup-phases.js';
import { ProcessPhase } from './lifecycle/process-phase.js';
import { Shutdown } from './lifecycle/shutdown.js';

/** The running process: what lives from before Nest is created until after it is closed. */
export class ServiceProcess {
  readonly phase = new ProcessPhase();
  readonly shutdown = new Shutdown();
  readonly startup = new StartupPhases();
  readonly healthChecks = new HealthChecks();

  constructor(readonly configuration: Pick<Configuration, 'settings'> & Partial<Configuration>) {}
}
