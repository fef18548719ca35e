interface StartupPhase {
  startedAt: number;
  durationMs: number | null;
}

/** What must be done before the service is ready for the first time. Once complete, it stays complete. */
export class StartupPhases {
  readonly #phases = new Map<string, StartupPhase>();
  readonly #complete = Promise.withResolvers<void>();
  #completedAfterMs: number | null = null;

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Resolves when every registered phase is done. */
  get completed(): Promise<void> {
    return this.#complete.promise;
  }

  get isComplete(): boolean {
    return this.#completedAfterMs !== null;
  }

  /** Since the start of the process. */
  get completedAfterMs(): number | null {
    return this.#completedAfterMs;
  }

  /**
   * Registers a phase, such as `database` or `schema`, and returns a function to call, once or several times, when it
   * is done. Call this while the application is built: a phase that is registered after all others are done is not
   * waited for.
   */
  register(name: string, startedAt = this.now()): () => void {
    const phase: StartupPhase = { startedAt, durationMs: null };
    if (!this.isComplete) this.#phases.set(name, phase);
    return () => {
      phase.durationMs ??= Math.round(this.now() - phase.startedAt);
      this.#latchWhenAllAreDone();
    };
  }

  /** In the order of registration; `durationMs` is null while the phase lasts. */
  list(): Array<{ name: string; durationMs: number | null }> {
    return [...this.#phases].map(([name, { durationMs }]) => ({ name, durationMs }));
  }

  pending(): string[] {
    return this.list()
      .filter(({ durationMs }) => durationMs === null)
      .map(({ name }) => name);
  }

  #latchWhenAllAreDone(): void {
    if ([...this.#phases.values()].some((phase) => phase.durationMs === null)) return;
    this.#completedAfterMs ??= Math.round(this.now());
    this.#complete.resolve();
  }
}
