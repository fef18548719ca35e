import { z } from 'zod';

const SLUG = /^[a-z][a-z0-9-]{0,62}$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** The name of an environment or a service in paths and bodies. */
export const slug = z
  .string()
  .regex(SLUG, 'must begin with a lower-case letter and have at most 63 lower-case letters, digits and hyphens');

export const digest = z.string().regex(DIGEST, 'must be "sha256:" and 64 lower-case hexadecimal digits');

const END_OF_TIME_MS = Date.UTC(10_000, 0);

/** A point in time with its offset; kept in UTC with milliseconds, where it has to have a year of four digits again. */
export const instant = z.iso
  .datetime({ offset: true, error: 'must be an RFC 3339 time, as 2026-01-31T12:00:00.000Z', abort: true })
  .refine((time) => Date.parse(time) >= 0 && Date.parse(time) < END_OF_TIME_MS, 'must lie between 1970 and 9999');

export const uuid = z.uuid('must be an id that Plimsoll gave').toLowerCase();

/** Text for people and logs. PostgreSQL cannot keep U+0000, and half a surrogate pair is no character. */
export function text(most: number, least = 0) {
  return z
    .string()
    .min(least, least === 1 ? 'must not be empty' : undefined)
    .max(most, `must have at most ${most} characters`)
    .refine((value) => !value.includes('\0') && value.isWellFormed(), 'must not hold U+0000 or unpaired surrogates');
}
