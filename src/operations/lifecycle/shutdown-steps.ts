/** In this order, each with the time after which the next one goes on without it. */
export const shutdownStepCapsMs = { jobs: 2000, outbound: 1000, flags: 1000, cache: 1000, database: 1000 } as const;

export type ShutdownOrder = keyof typeof shutdownStepCapsMs;

interface ShutdownStep {
  name: string;
  close: () => Promise<void>;
}

export type StepOutcome =
  | { name: string; outcome: 'closed' | 'overran' }
  | { name: string; outcome: 'failed'; error: unknown };

/** What is to be closed once nothing is served any more. Whoever opens something registers how it is closed. */
export class ShutdownSteps {
  readonly #steps = new Map<ShutdownOrder, ShutdownStep[]>();

  /** Steps of the same order are closed together. `close` is called once at most, and is not waited for for ever. */
  register(order: ShutdownOrder, name: string, close: () => Promise<void>): void {
    this.#steps.set(order, [...(this.#steps.get(order) ?? []), { name, close }]);
  }

  /** A step that fails or overruns its time does not keep the next one from being closed. */
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
