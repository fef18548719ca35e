/** Something that a client did, or that became of it, between two moments of one clock. */
export interface Operation<State> {
  /** For readers of a violation. */
  readonly label: string;
  readonly invokedAt: number;
  /** By when it had taken effect; null if nobody knows: then it did at any time after it was invoked, or never. */
  readonly returnedAt: number | null;
  /** A read changes no state. */
  readonly isRead: boolean;
  /** The state after it, or null where it could not have happened. */
  apply(state: State): State | null;
}

export interface Unexplained<State> {
  readonly operation: Operation<State>;
  /** What the state may have been when the operation returned, none of which explains it. */
  readonly states: readonly State[];
}

/** One way in which all may have happened so far: the state, and which of the operations under way took effect. */
interface Configuration<State> {
  readonly state: State;
  readonly taken: ReadonlySet<number>;
}

interface Moment {
  readonly at: number;
  readonly index: number;
  readonly isReturn: boolean;
}

/**
 * Linearizability, after Wing & Gong and Lowe: whether every operation took effect at one instant between invocation and
 * return. Answers the first operation whose return no order explains, or null. All orders are followed at once, as sets of
 * configurations without repeats, and only as far as a return asks for it. The states must be plain data.
 */
export function findUnexplained<State>(
  initial: State,
  operations: readonly Operation<State>[],
  mostConfigurations = 20_000,
): Unexplained<State> | null {
  const pending = new Map<number, Operation<State>>();
  let ways: Configuration<State>[] = [{ state: initial, taken: new Set() }];
  for (const { index, isReturn } of momentsOf(operations)) {
    const operation = operations[index]!;
    if (!isReturn) {
      pending.set(index, operation);
      ways = ways.map((way) => withReads(way, pending));
      continue;
    }
    const next = waysTo(index, ways, pending, mostConfigurations);
    if (next.length === 0) return { operation, states: ways.map(({ state }) => state) };
    pending.delete(index);
    ways = distinct(next.map(({ state, taken }) => ({ state, taken: without(taken, index) })));
  }
  return null;
}

/** At one and the same time an invocation comes first: then the two count as concurrent. */
function momentsOf(operations: readonly Operation<unknown>[]): Moment[] {
  const moments = operations.flatMap(({ invokedAt, returnedAt }, index): Moment[] => {
    const invocation = { at: invokedAt, index, isReturn: false };
    return returnedAt === null ? [invocation] : [invocation, { at: returnedAt, index, isReturn: true }];
  });
  return moments.sort((a, b) => a.at - b.at || Number(a.isReturn) - Number(b.isReturn) || a.index - b.index);
}

/** Every way in which this operation has taken effect, be it before or by means of other writes under way. */
function waysTo<State>(
  index: number,
  from: readonly Configuration<State>[],
  pending: ReadonlyMap<number, Operation<State>>,
  most: number,
): Configuration<State>[] {
  const seen = new Map(from.map((way) => [keyOf(way), way]));
  const open = [...seen.values()];
  const found: Configuration<State>[] = [];
  for (let way = open.pop(); way !== undefined; way = open.pop()) {
    if (way.taken.has(index)) {
      found.push(way);
      continue;
    }
    for (const next of steps(way, pending)) {
      const key = keyOf(next);
      if (seen.has(key)) continue;
      if (seen.size >= most) throw new Error(`more than ${most} ways to explain "${pending.get(index)?.label}"`);
      seen.set(key, next);
      open.push(next);
    }
  }
  return found;
}

function steps<State>(
  { state, taken }: Configuration<State>,
  pending: ReadonlyMap<number, Operation<State>>,
): Configuration<State>[] {
  return [...pending].flatMap(([index, operation]) => {
    if (operation.isRead || taken.has(index)) return [];
    const after = operation.apply(state);
    return after === null ? [] : [withReads({ state: after, taken: new Set([...taken, index]) }, pending)];
  });
}

/** A read that a state explains is taken at once: it changes nothing, so that this is never worse than later. */
function withReads<State>(
  way: Configuration<State>,
  pending: ReadonlyMap<number, Operation<State>>,
): Configuration<State> {
  const explained = [...pending].filter(
    ([index, { isRead, apply }]) => isRead && !way.taken.has(index) && apply(way.state) !== null,
  );
  return explained.length === 0
    ? way
    : { ...way, taken: new Set([...way.taken, ...explained.map(([index]) => index)]) };
}

function keyOf({ state, taken }: Configuration<unknown>): string {
  return `${[...taken].sort((a, b) => a - b).join(' ')} ${JSON.stringify(state)}`;
}

function distinct<State>(ways: readonly Configuration<State>[]): Configuration<State>[] {
  return [...new Map(ways.map((way) => [keyOf(way), way])).values()];
}

function without(taken: ReadonlySet<number>, index: number): ReadonlySet<number> {
  const rest = new Set(taken);
  rest.delete(index);
  return rest;
}
