export type Phase = 'starting' | 'ready' | 'draining' | 'stopped';
export type PhaseEvent = 'started' | 'signal' | 'fatal' | 'deadline' | 'closed';

interface Transition {
  to: Phase;
  /** The exit code unless a worse one follows; absent: as decided before. */
  exitCode?: 0 | 70 | 124 | 130;
}

/** Every phase × event. A missing event changes nothing. */
export const phaseTransitions: Record<Phase, Partial<Record<PhaseEvent, Transition>>> = {
  starting: {
    started: { to: 'ready' },
    signal: { to: 'draining', exitCode: 0 },
    fatal: { to: 'draining', exitCode: 70 },
  },
  ready: {
    signal: { to: 'draining', exitCode: 0 },
    fatal: { to: 'draining', exitCode: 70 },
  },
  draining: {
    signal: { to: 'stopped', exitCode: 130 },
    fatal: { to: 'draining', exitCode: 70 },
    deadline: { to: 'stopped', exitCode: 124 },
    closed: { to: 'stopped' },
  },
  stopped: {},
};

type PhaseListener = (current: Phase, previous: Phase) => void;

/** The phase of the process. Health, metrics and jobs read it; only the lifecycle changes it. */
export class ProcessPhase {
  #current: Phase = 'starting';
  #exitCode = 0;
  readonly #listeners = new Set<PhaseListener>();

  get current(): Phase {
    return this.#current;
  }

  get exitCode(): number {
    return this.#exitCode;
  }

  /** True from the first moment of draining to the end. */
  get isDraining(): boolean {
    return this.#current === 'draining' || this.#current === 'stopped';
  }

  /** Calls listeners immediately, in the order of registration. They must not throw. */
  onChange(listener: PhaseListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Returns whether the event changed anything in the current phase. */
  apply(event: PhaseEvent): boolean {
    const transition = phaseTransitions[this.#current][event];
    if (!transition) return false;
    const previous = this.#current;
    this.#current = transition.to;
    this.#exitCode = transition.exitCode ?? this.#exitCode;
    if (previous !== this.#current) for (const listener of this.#listeners) listener(this.#current, previous);
    return true;
  }
}
