import * as fc from 'fast-check';
import { findUnexplained, type Operation } from './modules.js';

type Value = { readonly value: number };
const empty: Value = { value: 0 };

const write = (value: number, invokedAt: number, returnedAt: number | null): Operation<Value> => ({
  label: `write ${value}`,
  invokedAt,
  returnedAt,
  isRead: false,
  apply: () => ({ value }),
});
const read = (value: number, invokedAt: number, returnedAt: number): Operation<Value> => ({
  label: `read ${value}`,
  invokedAt,
  returnedAt,
  isRead: true,
  apply: (state) => (state.value === value ? state : null),
});

const labelOf = (...operations: Operation<Value>[]) => findUnexplained(empty, operations)?.operation.label ?? null;

describe('a history of a register is explained by some order', () => {
  it('if reads answer what was written last', () => {
    expect(labelOf(write(1, 0, 1), read(1, 2, 3), write(2, 4, 5), read(2, 6, 7))).toBeNull();
  });

  it('if a read answers either value while a write is under way', () => {
    expect(labelOf(write(1, 0, 10), read(0, 1, 2), read(1, 3, 4))).toBeNull();
  });

  it('not if a read answers the old value after one that answered the new one', () => {
    expect(labelOf(write(1, 0, 10), read(1, 1, 2), read(0, 3, 4))).toBe('read 0');
  });

  it('not if a read answers what was written over before it began', () => {
    expect(labelOf(write(1, 0, 1), write(2, 2, 3), read(1, 4, 5))).toBe('read 1');
  });

  it('not if a read answers what nobody wrote', () => {
    expect(labelOf(write(1, 0, 1), read(7, 0, 9))).toBe('read 7');
  });

  it('if a write of unknown outcome takes effect late, or never', () => {
    expect(labelOf(write(1, 0, null), read(0, 1, 2), read(1, 3, 4))).toBeNull();
    expect(labelOf(write(1, 0, null), read(0, 1, 2), read(0, 3, 4))).toBeNull();
  });

  it('not if a write of unknown outcome takes effect twice, or before it was made', () => {
    expect(labelOf(write(1, 0, null), read(1, 1, 2), write(2, 3, 4), read(1, 5, 6))).toBe('read 1');
    expect(labelOf(read(1, 0, 1), write(1, 2, null))).toBe('read 1');
  });

  it('if two calls touch each other at one and the same time: then they count as concurrent', () => {
    expect(labelOf(write(1, 0, 5), read(0, 5, 6))).toBeNull();
  });

  it('and it says so when there are more ways than it may follow', () => {
    const many = Array.from({ length: 12 }, (_, n) => write(n, 0, null));
    expect(() => findUnexplained(empty, [...many, read(99, 0, 1)], 50)).toThrow('more than 50 ways');
  });
});

/** Clients that each do one thing after the other; every deed takes effect at a moment of its own between call and answer. */
const deeds = fc.array(
  fc.record({
    client: fc.nat(3),
    isRead: fc.boolean(),
    isUnknown: fc.boolean(),
    wait: fc.nat(3),
    before: fc.nat(4),
    after: fc.nat(4),
  }),
  { minLength: 1, maxLength: 14 },
);

interface Deed {
  client: number;
  isRead: boolean;
  isUnknown: boolean;
  wait: number;
  before: number;
  after: number;
}

function happened(list: readonly Deed[]): Operation<Value>[] {
  const freeAt = new Map<number, number>();
  const timed = list.map((deed, n) => {
    const invokedAt = (freeAt.get(deed.client) ?? 0) + deed.wait + 0.001 * n;
    const effectAt = invokedAt + deed.before + 0.0001 * (n + 1);
    const returnedAt = effectAt + deed.after;
    freeAt.set(deed.client, returnedAt + 0.01);
    return { ...deed, invokedAt, effectAt, returnedAt, value: n + 1 };
  });
  let value = 0;
  const seen = new Map<number, number>();
  for (const one of timed.toSorted((a, b) => a.effectAt - b.effectAt)) {
    if (one.isRead) seen.set(one.value, value);
    else ({ value } = one);
  }
  return timed.map((one) =>
    one.isRead
      ? read(seen.get(one.value) ?? 0, one.invokedAt, one.returnedAt)
      : write(one.value, one.invokedAt, one.isUnknown ? null : one.returnedAt),
  );
}

/** Every order, one after the other: slow, and plainly right. */
function isExplained(operations: readonly Operation<Value>[], state: Value = empty): boolean {
  const soonest = Math.min(...operations.map(({ returnedAt }) => returnedAt ?? Infinity));
  if (soonest === Infinity) return true;
  return operations.some((one, index) => {
    if (one.invokedAt > soonest) return false;
    const after = one.apply(state);
    return after !== null && isExplained([...operations.slice(0, index), ...operations.slice(index + 1)], after);
  });
}

describe('the search', () => {
  it('explains whatever has happened one after the other', () => {
    fc.assert(fc.property(deeds, (list) => expect(findUnexplained(empty, happened(list))).toBeNull()));
  });

  it('finds what trying every order finds, and nothing else, when reads answer at random', () => {
    const lied = fc.tuple(
      deeds.filter(({ length }) => length <= 7),
      fc.array(fc.nat(7), { minLength: 14, maxLength: 14 }),
    );
    fc.assert(
      fc.property(lied, ([list, values]) => {
        const history = happened(list).map((one, n) =>
          one.isRead && one.returnedAt !== null && values[n]! > 3
            ? read(values[n]! - 3, one.invokedAt, one.returnedAt)
            : one,
        );
        expect(findUnexplained(empty, history) === null).toBe(isExplained(history));
      }),
      { numRuns: 500 },
    );
  });
});
