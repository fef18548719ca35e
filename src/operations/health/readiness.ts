import { Injectable } from '@nestjs/common';
import { ProcessPhase } from '../lifecycle/process-phase.js';
import { HealthChecks } from './health-checks.js';
import { StartupPhases } from './startup-phases.js';

export interface ReadinessReport {
  status: 'ready' | 'degraded' | 'unready';
  /** Why it is not simply ready: a phase, `maintenance`, or names of dependencies. */
  reasons: string[];
}

/** Whether this instance should get requests, from the known state. Reading it costs nothing and queries nothing. */
@Injectable()
export class Readiness {
  #isTakenOut = false;
  #stalls = 0;

  constructor(
    private readonly phase: ProcessPhase,
    private readonly startup: StartupPhases,
    private readonly checks: HealthChecks,
  ) {}

  /** Whether an operator has made this instance unready, or work that will block it is about to start. */
  get isInMaintenance(): boolean {
    return this.#isTakenOut || this.#stalls > 0;
  }

  /** For an operator: makes this instance unready without ending it, and ready again. */
  set isInMaintenance(isTakenOut: boolean) {
    this.#isTakenOut = isTakenOut;
  }

  /** Keeps the instance unready during the work. A change by an operator in the meantime takes effect afterwards. */
  async outDuring(work: () => Promise<void>): Promise<void> {
    this.#stalls += 1;
    await work().finally(() => (this.#stalls -= 1));
  }

  report(): ReadinessReport {
    const states = this.checks.states();
    const missing = states.filter(({ check, status }) => check.required && status !== 'up');
    // A phase of the start may have the same name as the check that ends it.
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
