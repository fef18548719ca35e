import { type Fault, kinds } from './faults.ts';
import { Random } from './random.ts';

export interface Planned {
  readonly n: number;
  /** In ms since the run began. A fault that is late, because the one before was, begins at once. */
  readonly at: number;
  readonly forMs: number;
  readonly fault: Fault;
}

const firstAt = 5000;
/** No fault begins so late that nothing is seen of what comes after it. */
const quietAtEnd = 10_000;

/** The faults of a run: the same for the same seed and length. Kinds that come less often than others come all the same. */
export function scheduleOf(seed: number, minutes: number): Planned[] {
  const random = new Random(seed);
  const planned: Planned[] = [];
  let bag: (typeof kinds)[number][] = [];
  for (let at = firstAt; at < minutes * 60_000 - quietAtEnd;) {
    if (bag.length === 0)
      bag = random.shuffled(kinds.flatMap((kind) => Array.from({ length: kind.weight }, () => kind)));
    const { kind, draw } = bag.pop()!;
    const forMs = random.between(3000, 9000);
    planned.push({ n: planned.length + 1, at, forMs, fault: { kind, ...draw(random) } });
    at += forMs + random.between(3000, 8000);
  }
  return planned;
}
