import { ShutdownSteps } from './shutdown-steps.js';

/** The shutdown as other modules see it: two moments to act on, and a place to register what they must close. */
export class Shutdown {
  readonly steps = new ShutdownSteps();
  readonly #drain = new AbortController();
  readonly #stragglers = new AbortController();

  /** Aborts when draining begins: jobs take no new work, long polls answer, streams send a last event and end. */
  readonly drainSignal: AbortSignal = this.#drain.signal;

  /** Aborts 5 s before the deadline: running requests must stop, or their connections are closed. */
  readonly stragglersSignal: AbortSignal = this.#stragglers.signal;

  beginDraining(): void {
    this.#drain.abort();
  }

  abortStragglers(): void {
    this.#stragglers.abort();
  }
}
