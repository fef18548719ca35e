import { setTimeout as delay } from 'node:timers/promises';
import type { DrillStack } from '../drills/stack.ts';
import { dim, say, yellow } from '../scripts/terminal.mjs';
import type { Fault } from './faults.ts';
import type { Planned } from './schedule.ts';

const limitSeconds = 240;

/** Injects faults one after the other, and heals each, also after an interruption. */
export class Injector {
  private readonly stack: DrillStack;
  private readonly tell: (line: string) => void;
  injected = 0;
  /** What was injected, or may have been, and is not healed. */
  private readonly open = new Set<Fault>();

  constructor(stack: DrillStack, tell: (line: string) => void = say) {
    this.stack = stack;
    this.tell = tell;
  }

  async run({ n, forMs, fault }: Planned, signal: AbortSignal): Promise<void> {
    this.open.add(fault);
    this.tell(`${String(n).padStart(3)} ${fault.kind}: ${fault.what}`);
    try {
      await this.stack.shell.run(fault.inject, limitSeconds);
      this.injected += 1;
    } catch (error) {
      if (signal.aborted) throw error;
      this.tell(yellow(`    could not be injected: ${String(error).slice(0, 600)}`));
    }
    await delay(forMs, undefined, { signal }).catch(() => undefined);
    // What cannot be healed now is tried again at the end, and fails the run then.
    await this.heal(fault).then(
      () => this.tell(dim(`    healed: ${fault.kind} ${fault.what}`)),
      (error: unknown) => this.tell(yellow(`    not healed yet: ${String(error).slice(0, 600)}`)),
    );
  }

  async healAll(): Promise<void> {
    for (const fault of [...this.open].toReversed()) await this.heal(fault);
  }

  /** Again and again: PostgreSQL may not be there yet to be asked. */
  private async heal(fault: Fault): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      try {
        await this.stack.lasting.run(fault.heal, limitSeconds);
        this.open.delete(fault);
        return;
      } catch (error) {
        if (tries === 10) throw error;
        await delay(1000);
      }
    }
  }
}
