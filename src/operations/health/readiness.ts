import type { ProcessPhase } from '../lifecycle/process-phase.js';
import type { HealthChecks } from './health-checks.js';
import type { StartupPhases } from './startup-phases.js';

export interface ReadinessReport {
  status: 'ready' | 'degraded' | 'unready';
  /** Why it is not simply ready: a phase, `maintenance`, or names of dependencies. */
  reasons: string[];
}

/** Whether to send requests here, from what is known already: asking costs nothing and touches nothing. */
export class Readiness {
  /** Set by an operator: take this instance out without ending it. */
  isInMaintenance = false;

  constructor(
    private readonly phase: ProcessPhase,
    private readonly startup: StartupPhases,
    private readonly checks: HealthChecks,
  ) {}

  report(): ReadinessReport {
    const states = this.checks.states();
    const missing = states.filter(({ check, status }) => check.required && status !== 'up');
    // A phase of the start may be called like the check that ends it.
    const reasons = [...new Set([...this.#ownReasons(), ...missing.map(({ check }) => check.name)])];
    if (reasons.length > 0) return { status: 'unready', reasons };
    const weakened = states.filter(({ status }) => status === 'down').map(({ check }) => check.name);
    return { status: weakened.length > 0 ? 'degraded' : 'ready', reasons: weakened };
  }

  #ownReasons(): string[] {
    const reasons: string[] = this.phase.current === 'ready' ? [] : [this.phase.current];
    if (this.phase.current === 'starting') reasons.push(...this.startup.pending());
    if (this.isInMaintenance) reasons.push('maintenance');
    return reasons;
  }
}
