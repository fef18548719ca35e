import { type Condition, faultOfValue, holds, violations } from './condition.model.js';

const condition = (op: Condition['op'], value: Condition['value']): Condition => ({ field: 'status', op, value });

describe('a condition', () => {
  it.each<[Condition['op'], Condition['value'], unknown]>([
    ['eq', 200, 200],
    ['eq', 'UP', 'UP'],
    ['eq', null, null],
    ['eq', 12, '12'],
    ['eq', true, 'true'],
    ['ne', 200, 503],
    ['ne', 'UP', null],
    ['lt', 500, 12.5],
    ['lte', 500, 500],
    ['gt', 3, '4'],
    ['gte', 3, 3],
    ['gt', 3, Infinity],
    ['lt', 3, -Infinity],
    ['in', [200, 204], 204],
    ['contains', 'ok', 'it is ok'],
    ['contains', 'b', ['a', 'b']],
  ])('%s %j holds for %j', (op, expected, actual) => {
    expect(holds(condition(op, expected), actual)).toBe(true);
  });

  it.each<[Condition['op'], Condition['value'], unknown]>([
    ['eq', 200, 503],
    ['eq', 'a', { a: 1 }],
    ['ne', 12, '12'],
    ['lt', 500, 500],
    ['gt', 3, 'many'],
    ['lte', 3, Number.NaN],
    ['lt', 3, ''],
    ['lt', 3, null],
    ['in', [200, 204], 500],
    ['contains', 'ok', 'no'],
    ['contains', 'ok', 7],
  ])('%s %j does not hold for %j', (op, expected, actual) => {
    expect(holds(condition(op, expected), actual)).toBe(false);
  });

  it.each(['eq', 'ne', 'lt', 'lte', 'gt', 'gte', 'in', 'contains'] as const)(
    '%s never holds for a field that is not there',
    (op) => {
      expect(holds(condition(op, op === 'in' ? [1] : 1), undefined)).toBe(false);
    },
  );

  it('is one of several that all have to hold', () => {
    const failed = violations([condition('eq', 200), { field: 'durationMs', op: 'lt', value: 5 }], (field) =>
      field === 'status' ? 200 : 7,
    );
    expect(failed).toEqual([{ condition: { field: 'durationMs', op: 'lt', value: 5 }, actual: 7 }]);
  });

  it.each<[Condition['op'], Condition['value']]>([
    ['in', 200],
    ['eq', [200]],
    ['lt', 'soon'],
    ['gte', null],
    ['contains', ''],
  ])('is refused as %s %j', (op, value) => {
    expect(faultOfValue(condition(op, value))).toEqual(expect.any(String));
  });
});
