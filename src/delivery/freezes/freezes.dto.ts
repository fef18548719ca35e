import { z } from 'zod';
import { instant, slug, text, uuid } from '../../platform/http/input/fields.js';
import { pageQuery } from '../../platform/http/page.js';
import { type FreezeEntity, timesOf } from './freeze.entity.js';
import { occurrences, type Span, WEEKDAYS } from './freeze.model.js';

export const freezeQuery = z.strictObject({ service: slug.optional() });
export type FreezeQuery = z.output<typeof freezeQuery>;

const time = z.iso.datetime();

export const freezeView = z
  .object({
    frozen: z.boolean(),
    known: z.boolean().describe('False while Unleash is configured and was not heard for 5 minutes.'),
    nextOpen: time
      .nullable()
      .describe(
        'The first instant at which nothing is frozen. Null beyond 90 days, with a flag, and while not frozen.',
      ),
    reasons: z.array(
      z.object({
        kind: z.enum(['window', 'weekly', 'flag']),
        id: z.string(),
        reason: z.string(),
        until: time.nullable(),
      }),
    ),
  })
  .meta({ id: 'Freeze' });
export type FreezeView = z.output<typeof freezeView>;

const timeOfDay = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'must be a time of the day, 00:00 to 23:59');

const timeZone = z
  .string()
  .max(64, 'must have at most 64 characters')
  .refine(isTimeZone, 'must be a name of the IANA time zone database, such as Europe/Berlin');

const weekly = z
  .strictObject({
    days: z
      .array(z.enum(WEEKDAYS))
      .min(1, 'must name a day')
      .max(7, 'must have at most 7 days')
      .refine((days) => new Set(days).size === days.length, 'must name no day twice'),
    from: timeOfDay,
    to: timeOfDay.describe('Exclusive. At or before `from` it means the next day.'),
    timeZone,
  })
  .meta({ id: 'WeeklyWindow' });

export const createFreezeBody = z
  .strictObject({
    environment: slug.nullable().default(null).describe('Null for all environments.'),
    service: slug.nullable().default(null).describe('Null for all services.'),
    from: instant.nullable().default(null),
    to: instant.nullable().default(null).describe('Exclusive.'),
    weekly: weekly.nullable().default(null),
    reason: text(1000, 1),
  })
  .superRefine(({ from, to, weekly: isWeekly }, { addIssue }) => {
    const refuse = (path: string, message: string) => addIssue({ code: 'custom', path: [path], message });
    if (isWeekly) {
      for (const [path, value] of Object.entries({ from, to })) {
        if (value !== null) refuse(path, 'must be left out beside "weekly", which has times of its own');
      }
    } else if (from === null || to === null) {
      const path = from === null ? 'from' : 'to';
      refuse(path, 'is required: give "from" and "to", or "weekly"');
    } else if (Date.parse(to) <= Date.parse(from)) {
      refuse('to', 'must be later than "from"');
    }
  })
  .meta({ id: 'CreateFreeze', description: 'Either `from` and `to`, or `weekly`.' });
export type CreateFreezeBody = z.output<typeof createFreezeBody>;

const LONGEST_RANGE_MS = 366 * 24 * 60 * 60_000;

export const freezesQuery = z
  .strictObject({
    ...pageQuery.shape,
    environment: slug.optional(),
    service: slug.optional(),
    from: instant
      .optional()
      .describe('With `to`: each freeze carries its occurrences in this range of a year at most.'),
    to: instant.optional().describe('Exclusive.'),
  })
  .superRefine(({ from, to }, { addIssue }) => {
    const refuse = (path: string, message: string) => addIssue({ code: 'custom', path: [path], message });
    if (from === undefined && to === undefined) return;
    if (from === undefined || to === undefined) {
      return refuse(from === undefined ? 'from' : 'to', 'is required: give both "from" and "to", or neither');
    }
    const lengthMs = Date.parse(to) - Date.parse(from);
    if (lengthMs <= 0) refuse('to', 'must be later than "from"');
    if (lengthMs > LONGEST_RANGE_MS) refuse('to', 'must be at most a year (366 days) after "from"');
  });
export type FreezesQuery = z.output<typeof freezesQuery>;

const occurrence = z.object({ from: time, to: time });

export const plannedFreezeView = z
  .object({
    id: z.uuid(),
    environment: z.string().nullable(),
    service: z.string().nullable(),
    from: time.nullable(),
    to: time.nullable(),
    weekly: weekly.nullable(),
    reason: z.string(),
    actor: z.string(),
    createdAt: time,
    occurrences: z
      .array(occurrence)
      .optional()
      .describe('Only in a list with `from` and `to`: whole ones, those included that begin before the range.'),
  })
  .meta({ id: 'PlannedFreeze' });
export type PlannedFreezeView = z.output<typeof plannedFreezeView>;

export const freezesView = z.object({ items: z.array(plannedFreezeView) }).meta({ id: 'PlannedFreezes' });

export const freezeId = uuid;

export function viewOfFreeze(freeze: FreezeEntity, range: Span | null = null): PlannedFreezeView {
  const { id, environment, service, startsAt, endsAt, reason, actor, createdAt } = freeze;
  return {
    id,
    environment,
    service,
    from: startsAt?.toISOString() ?? null,
    to: endsAt?.toISOString() ?? null,
    weekly: freeze.weekly && { ...freeze.weekly, days: [...freeze.weekly.days] },
    reason,
    actor,
    createdAt: createdAt.toISOString(),
    ...(range && { occurrences: [...occurrences(timesOf(freeze), range)].map(viewOfSpan) }),
  };
}

function viewOfSpan({ from, to }: Span): z.output<typeof occurrence> {
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
}

/** Zones by their distance from UTC know no summer time, and are no names. */
function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    Temporal.Now.zonedDateTimeISO(name);
    return true;
  } catch {
    return false;
  }
}
