export const OPERATORS = ['eq', 'ne', 'lt', 'lte', 'gt', 'gte', 'in', 'contains'] as const;

export type Operator = (typeof OPERATORS)[number];

export type Scalar = string | number | boolean | null;

/** Data, never code: a field of the answer, and the value that it must have. */
export interface Condition {
  readonly field: string;
  readonly op: Operator;
  readonly value: Scalar | readonly Scalar[];
}

/** Finds the field in the answer; undefined if it is missing. */
export type FieldReader = (field: string) => unknown;

const ORDERS: Record<'lt' | 'lte' | 'gt' | 'gte', (left: number, right: number) => boolean> = {
  lt: (left, right) => left < right,
  lte: (left, right) => left <= right,
  gt: (left, right) => left > right,
  gte: (left, right) => left >= right,
};

/** Whether the value that was read meets the condition. A missing field fails every condition, even `ne`. */
export function holds({ op, value: expected }: Condition, actual: unknown): boolean {
  if (actual === undefined) return false;
  switch (op) {
    case 'eq':
      return isSame(actual, expected);
    case 'ne':
      return !isSame(actual, expected);
    case 'in':
      return Array.isArray(expected) && expected.some((one) => isSame(actual, one));
    case 'contains':
      return contains(actual, expected);
    default:
      return ORDERS[op](numberOf(actual), numberOf(expected));
  }
}

/** The conditions that do not hold, each with the value that was read. All of them must hold. */
export function violations(
  conditions: readonly Condition[],
  read: FieldReader,
): { readonly condition: Condition; readonly actual: unknown }[] {
  return conditions
    .map((condition) => ({ condition, actual: read(condition.field) }))
    .filter(({ condition, actual }) => !holds(condition, actual));
}

/** Why a condition can never hold, or always holds; null if neither. */
export function faultOfValue({ op, value }: Condition): string | null {
  if (op === 'in') return Array.isArray(value) && value.length > 0 ? null : 'is to be a list with "in", and not empty';
  if (Array.isArray(value)) return `is to be one value with "${op}"`;
  if (op in ORDERS && Number.isNaN(numberOf(value))) return `is to be a number with "${op}"`;
  if (op === 'contains' && value === '') return 'is contained in everything';
  return null;
}

/** A header is always text, so a number equals its text. */
function isSame(actual: unknown, expected: unknown): boolean {
  if (typeof actual === typeof expected || actual === null || expected === null) return actual === expected;
  return typeof actual !== 'object' && String(actual) === String(expected);
}

function contains(actual: unknown, expected: unknown): boolean {
  if (Array.isArray(actual)) return actual.some((one) => isSame(one, expected));
  return typeof actual === 'string' && actual.includes(String(expected));
}

/** NaN for what is no number, because NaN is neither less nor greater than anything. */
export function numberOf(value: unknown): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
}
