import * as fc from 'fast-check';
import { type Condition, holds } from './condition.model.js';
import { alwaysHolds, canHold, type NumericRange } from './numeric-range.model.js';

const STATUS: NumericRange = { least: 100, most: 999, isWhole: true };
const DURATION: NumericRange = { least: 0, most: Number.POSITIVE_INFINITY, isWhole: false };
const condition = (op: Condition['op'], value: Condition['value']): Condition => ({ field: 'status', op, value });

describe('a condition on a number', () => {
  it.each<[Condition['op'], Condition['value'], NumericRange]>([
    ['eq', 99, STATUS],
    ['eq', 200.5, STATUS],
    ['eq', 'UP', STATUS],
    ['eq', '200.0', STATUS],
    ['in', [99, 1000, null], STATUS],
    ['lt', 100, STATUS],
    ['gt', 999, STATUS],
    ['lt', 0, DURATION],
    ['eq', -1, DURATION],
  ])('%s %j can never hold in %j', (op, value, range) => {
    expect(canHold([condition(op, value)], range)).toBe(false);
  });

  it.each<[Condition['op'], Condition['value'], NumericRange]>([
    ['ne', 99, STATUS],
    ['ne', null, STATUS],
    ['gte', 100, STATUS],
    ['lt', 1000, STATUS],
    ['gte', 0, DURATION],
    ['gt', '-1', DURATION],
  ])('%s %j always holds in %j', (op, value, range) => {
    expect(alwaysHolds(condition(op, value), range)).toBe(true);
  });

  it.each<[Condition['op'], Condition['value'], NumericRange]>([
    ['eq', '200', STATUS],
    ['in', [99, 200], STATUS],
    ['gt', 998.5, STATUS],
    ['lte', 0, DURATION],
    ['gt', 0, DURATION],
    ['lt', 500, DURATION],
    ['ne', 12.5, DURATION],
  ])('%s %j may hold in %j, and may not', (op, value, range) => {
    expect([canHold([condition(op, value)], range), alwaysHolds(condition(op, value), range)]).toEqual([true, false]);
  });

  it.each<[Condition[]]>([
    [[condition('eq', 200), condition('eq', 503)]],
    [[condition('lt', 300), condition('gt', 299)]],
    [[condition('gt', 200), condition('lt', 202), condition('ne', 201)]],
    [[condition('in', [200, 204]), condition('gte', 300)]],
  ])('cannot hold beside what it contradicts: %j', (conditions) => {
    expect(canHold(conditions, STATUS)).toBe(false);
  });

  it('can hold with others exactly if some whole number of the range fulfils them all', () => {
    const range: NumericRange = { least: 3, most: 9, isWhole: true };
    const value = fc.oneof(fc.integer({ min: 0, max: 12 }), fc.constantFrom<(string | number)[]>(4.5, '6', 'x'));
    const one = fc.record({
      field: fc.constant('status'),
      op: fc.constantFrom('eq', 'ne', 'lt', 'lte', 'gt', 'gte'),
      value,
    });
    const list = fc.record({
      field: fc.constant('status'),
      op: fc.constant('in'),
      value: fc.array(value, { minLength: 1 }),
    });
    const usable = fc.oneof(one, list).filter(({ op, value: given }) => given !== 'x' || !/^[lg]t/.test(op));
    fc.assert(
      fc.property(fc.array(usable as fc.Arbitrary<Condition>, { maxLength: 5 }), (conditions) => {
        const numbers = [3, 4, 5, 6, 7, 8, 9].filter((number) => conditions.every((each) => holds(each, number)));
        expect(canHold(conditions, range)).toBe(numbers.length > 0);
      }),
    );
  });
});
