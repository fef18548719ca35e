import { DomainError, type FieldError } from '../../platform/http/problems/domain-error.js';
import { httpErrors, validationFailed } from '../../platform/http/problems/http.errors.js';
import { parseJsonBody } from '../../platform/http/input/json-body.js';
import { parseBody } from '../../platform/http/input/validation.js';
import { type ImportLine, importLine } from './imports.dto.js';
import type { IncomingLine } from './incoming-lines.js';

/** The clocks of two machines are seldom further apart. */
const SKEW_MS = 5 * 60_000;

/** Of every kind of line the times at which something is said to have happened. */
const TIMES = ['createdAt', 'deployedAt', 'finishedAt', 'startsAt', 'endsAt'];

/** The entry of a line, why it is refused, or null where it is blank. */
export function readLine({ bytes }: IncomingLine, now: Date, mostBytes: number): ImportLine | DomainError | null {
  if (bytes === null) {
    return new DomainError(httpErrors.bodyTooLarge, `A line has at most ${mostBytes / 1024} KiB.`);
  }
  if (isBlank(bytes)) return null;
  try {
    const entry = parseBody(importLine, parseJsonBody(bytes));
    const faults = timesToCome(entry, now);
    return faults.length > 0 ? validationFailed(faults) : entry;
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
}

function isBlank(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d);
}

/** History has happened: what is to come would outlast whatever follows it. */
function timesToCome(entry: ImportLine, now: Date): FieldError[] {
  const latest = now.getTime() + SKEW_MS;
  return TIMES.flatMap((field) => {
    const time = (entry as Record<string, unknown>)[field];
    const isToCome = typeof time === 'string' && Date.parse(time) > latest;
    return isToCome ? [{ pointer: `/${field}`, detail: 'must not lie in the future' }] : [];
  });
}
