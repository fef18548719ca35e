import type { z } from 'zod';
import { gateBodyOf, httpCheck } from './gates.dto.js';

const many = <Item>(count: number, item: Item): Item[] => Array.from({ length: count }, () => item);

/** How much a schema has against a body, what each member of a union has against it included. */
function objections(issues: readonly z.core.$ZodIssue[]): number {
  return issues.reduce((sum, issue) => {
    const ofMembers = issue.code === 'invalid_union' ? issue.errors.flat() : [];
    return sum + 1 + objections(ofMembers);
  }, 0);
}

describe('the body of a gate', () => {
  it('is refused with no more objections than it has conditions, whatever is in them', () => {
    const expectation = { field: 'status', op: 'in', value: many(100, {}) };
    const check = { name: 'ready', type: 'http', url: '{host.url}/', expect: many(50, expectation) };
    const { error } = gateBodyOf([httpCheck]).safeParse({ checks: many(50, check) });
    expect(objections(error?.issues ?? [])).toBe(50 * 50);
  });

  it.each(['UP', 200, -0.5, true, null, [], ['a', 1, null]])('takes %j to compare with', (value) => {
    expect(take(value)).toBe(true);
  });

  it.each([{}, [[]], [{}], undefined, 'x'.repeat(1001), 'U+0000 \0', '\ud800', many(101, 1), Number.POSITIVE_INFINITY])(
    'does not take %j to compare with',
    (value) => {
      expect(take(value)).toBe(false);
    },
  );
});

function take(value: unknown): boolean {
  const check = { name: 'ready', type: 'http', url: '{host.url}/', expect: [{ field: '/a', op: 'eq', value }] };
  return gateBodyOf([httpCheck]).safeParse({ checks: [check] }).success;
}
