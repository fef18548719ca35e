import { type Condition, numberOf } from './condition.model.js';

/** The range of a numeric field, ends included, and whether it has only whole numbers. */
export interface NumericRange {
  readonly least: number;
  readonly most: number;
  readonly isWhole: boolean;
}

interface Interval {
  readonly least: number;
  readonly most: number;
  /** Whether the end itself is excluded. */
  readonly isAbove: boolean;
  readonly isBelow: boolean;
}

/**
 * Whether some number in the range meets all these conditions on one field. Takes time in proportion to their values.
 */
export function canHold(conditions: readonly Condition[], range: NumericRange): boolean {
  const interval = conditions.reduce(narrowed, {
    least: range.least,
    most: range.most,
    isAbove: false,
    isBelow: false,
  });
  const barred = new Set(conditions.filter(({ op }) => op === 'ne').map(({ value }) => String(value)));
  const fits = (number: number): boolean =>
    isWithin(number, interval) && (!range.isWhole || Number.isInteger(number)) && !barred.has(String(number));
  const named = namedByAll(conditions);
  if (named) return [...named].some((text) => String(Number(text)) === text && fits(Number(text)));
  if (range.isWhole) return hasWhole(interval, barred);
  // A finite number of excluded values never exhausts a range of infinitely many.
  return interval.least < interval.most || fits(interval.least);
}

/** Whether every number in the range meets the condition, so that it can never fail. */
export function alwaysHolds(condition: Condition, range: NumericRange): boolean {
  return !canHold(negated(condition), range);
}

function narrowed(interval: Interval, { op, value }: Condition): Interval {
  const bound = numberOf(value);
  if (op === 'gt' && bound >= interval.least) return { ...interval, least: bound, isAbove: true };
  if (op === 'gte' && bound > interval.least) return { ...interval, least: bound, isAbove: false };
  if (op === 'lt' && bound <= interval.most) return { ...interval, most: bound, isBelow: true };
  if (op === 'lte' && bound < interval.most) return { ...interval, most: bound, isBelow: false };
  return interval;
}

function isWithin(number: number, { least, most, isAbove, isBelow }: Interval): boolean {
  return (isAbove ? number > least : number >= least) && (isBelow ? number < most : number <= most);
}

/** Stops at the first whole number that is not excluded, so it checks at most one more than are excluded. */
function hasWhole(interval: Interval, barred: ReadonlySet<string>): boolean {
  const first = interval.isAbove ? Math.floor(interval.least) + 1 : Math.ceil(interval.least);
  for (let number = first; isWithin(number, interval); number += 1) if (!barred.has(String(number))) return true;
  return false;
}

/**
 * The values that every condition with a list of values allows; null if no condition has one. A number equals its text.
 */
function namedByAll(conditions: readonly Condition[]): ReadonlySet<string> | null {
  const lists = conditions
    .filter(({ op }) => op === 'eq' || op === 'in')
    .map(
      ({ value }) =>
        new Set(
          [value]
            .flat()
            .filter((one) => one !== null)
            .map(String),
        ),
    );
  const [first, ...others] = lists;
  return first ? new Set([...first].filter((text) => others.every((list) => list.has(text)))) : null;
}

const OPPOSITES = { eq: 'ne', ne: 'eq', lt: 'gte', lte: 'gt', gt: 'lte', gte: 'lt', contains: 'contains' } as const;

/** Conditions that together hold exactly if the condition does not. */
function negated({ field, op, value }: Condition): Condition[] {
  if (op !== 'in') return [{ field, op: OPPOSITES[op], value }];
  return [value].flat().map((one) => ({ field, op: 'ne', value: one }));
}
