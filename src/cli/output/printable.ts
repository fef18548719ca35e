// oxlint-disable-next-line no-control-regex -- just these are to go
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/**
 * The same without what a terminal obeys: a name or a reason in the ledger must not move the cursor, retitle the window
 * or turn the direction of a line.
 */
export function printable<Value>(value: Value): Value {
  if (typeof value === 'string') return value.replaceAll(CONTROLS, '�') as Value;
  if (Array.isArray(value)) return value.map((each: unknown) => printable(each)) as Value;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, printable(member as unknown)])) as Value;
}
