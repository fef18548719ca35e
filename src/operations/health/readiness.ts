import { Injectable } from '@nestjs/common';
import { ProcessPhase } from '../lifecycle/process-phase.js';
import { HealthChecks } from './health-checks.js';
import { StartupPhases } from './startup-phases.js';

export interface ReadinessReport {
  status: 'ready' | 'degraded' | 'unready';
  /** Why it is not simply ready: a phase, `maintenance`, or names of dependencies. */
  reasons: string[];
}

/** Whether to send requests here, from what is known already: asking costs nothing and touches nothing. */
@Injectable()
export class Readiness {
  #isTakenOut = false;
  #stalls = 0;

  constructor(
    private readonly phase: ProcessPhase,
    private readonly startup: StartupPhases,
    private readonly checks: HealthChecks,
  ) {}

  /** Whether an operator has taken this instance out, or something that stalls it is about to. */
  get isInMaintenance(): boolean {
    return this.#isTakenOut || this.#stalls > 0;
  }

  /** For an operator: takes this instance out without ending it, and puts it back. */
  set isInMaintenance(isTakenOut: boolean) {
    this.#isTakenOut = isTakenOut;
  }

  /** Keeps the instance out while the work lasts. What an operator says meanwhile counts after it. */
  async outDuring(work: () => Promise<void>): Promise<void> {
    this.#stalls += 1;
    await work().finally(() => (this.#stalls -= 1));
  }

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
