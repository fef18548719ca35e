/** The order of the steps, each with its time limit. After that the next step starts. */
export const shutdownStepCapsMs = { jobs: 2000, outbound: 1000, flags: 1000, cache: 1000, database: 1000 } as const;

export type ShutdownOrder = keyof typeof shutdownStepCapsMs;

interface ShutdownStep {
  name: string;
  close: () => Promise<void>;
}

export type StepOutcome =
  | { name: string; outcome: 'closed' | 'overran' }
  | { name: string; outcome: 'failed'; error: unknown };

/** What must be closed once no request is served any more. The code that opens something registers how to close it. */
export class ShutdownSteps {
  readonly #steps = new Map<ShutdownOrder, ShutdownStep[]>();

  /** Closes steps of the same order together. Calls `close` at most once, and waits for it only for a limited time. */
  register(order: ShutdownOrder, name: string, close: () => Promise<void>): void {
    this.#steps.set(order, [...(this.#steps.get(order) ?? []), { name, close }]);
  }

  /** A step that fails or exceeds its time does not prevent the next one. */
  async run(capsMs: Readonly<Record<ShutdownOrder, number>> = shutdownStepCapsMs): Promise<StepOutcome[]> {
    const outcomes: StepOutcome[] = [];
    for (const [order, capMs] of Object.entries(capsMs) as Array<[ShutdownOrder, number]>) {
      const steps = this.#steps.get(order) ?? [];
      this.#steps.delete(order);
      outcomes.push(...(await Promise.all(steps.map((step) => closeWithin(capMs, step)))));
    }
    return outcomes;
  }
}

async function closeWithin(capMs: number, { name, close }: ShutdownStep): Promise<StepOutcome> {
  const overrun = Promise.withResolvers<StepOutcome>();
  const timer = setTimeout(() => overrun.resolve({ name, outcome: 'overran' }), capMs);
  try {
    const closed = close().then(() => ({ name, outcome: 'closed' as const }));
    return await Promise.race([closed, overrun.promise]);
  } catch (error) {
    return { name, outcome: 'failed', error };
  } finally {
    clearTimeout(timer);
  }
}
