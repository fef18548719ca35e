import { z } from 'zod';
import { digest, slug, uuid } from '../../../platform/http/input/fields.js';
import { INCIDENT_STATUSES } from '../incident.model.js';
import type { ToldAlert } from '../record/told-alert.js';
import { boundedLabels, storable, titleOf } from './alert.model.js';

const END_OF_TIME_MS = Date.UTC(10_000, 0);

/** As Go writes a time, with up to nine digits of a second and any offset; kept in milliseconds. */
const goTime = z
  .string()
  .max(40)
  .pipe(z.iso.datetime({ offset: true, error: 'must be an RFC 3339 time' }))
  .transform((time) => new Date(time));

const startsAt = goTime.refine((time) => time.getTime() >= 0 && time.getTime() < END_OF_TIME_MS, {
  error: 'must lie between 1970 and 9999',
});

const keyValues = z.record(z.string(), z.string());

const alert = z.object({
  status: z.enum(INCIDENT_STATUSES),
  labels: keyValues,
  annotations: keyValues.nullish().transform((annotations) => annotations ?? {}),
  startsAt,
  endsAt: goTime.nullish(),
  fingerprint: z.string().min(1).max(200).transform(storable),
});

/** One alert of the payload. Members that are not named here are of no use to Plimsoll, and may become more. */
export const alertOf = (text: unknown) => alert.safeParse(text);

/** What stands around the alerts. They are cut out, so that the list is empty. */
export const webhookEnvelope = z.object({
  version: z.literal('4', 'must be "4"'),
  alerts: z.array(z.never(), 'must be a list'),
  truncatedAlerts: z
    .int()
    .min(0)
    .nullish()
    .transform((count) => count ?? 0),
});

/** For the document alone: the handler reads the text. */
export const webhookPayload = z
  .object({
    version: z.literal('4'),
    truncatedAlerts: z.int().min(0).optional(),
    alerts: z.array(
      z.object({
        status: z.enum(INCIDENT_STATUSES),
        labels: keyValues,
        annotations: keyValues.optional(),
        startsAt: z.iso.datetime({ offset: true }),
        endsAt: z.iso.datetime({ offset: true }).optional().describe('Before 1970 while it fires.'),
        fingerprint: z.string().max(200),
      }),
    ),
  })
  .meta({ id: 'AlertmanagerWebhook' });

const valid = <Value>(schema: z.ZodType<Value>, value: string | undefined): Value | null =>
  schema.safeParse(value).data ?? null;

/** The deployment and the release that labels name, as far as they are well-formed. */
export const namedIn = (labels: Readonly<Record<string, string>>) => ({
  deployment: valid(uuid, labels['deployment']),
  digest: valid(digest, labels['digest']),
});

/** The alert as the record takes it. Of a token that is bound to a service, what names none is that service's. */
export function toldAlert(told: z.output<typeof alert>, ofService: string | null, now: Date): ToldAlert {
  const { labels, annotations, fingerprint } = told;
  return {
    fingerprint,
    startsAt: told.startsAt,
    endsAt: told.status === 'resolved' ? endOf(told, now) : null,
    title: titleOf(labels, annotations, fingerprint),
    labels: boundedLabels(labels),
    service: valid(slug, labels['service']) ?? ofService,
    environment: valid(slug, labels['environment']),
    ...namedIn(labels),
  };
}

/** Go's zero time, in the year 1, is no end: then it has ended by now. Nothing ends before it begins. */
function endOf({ startsAt: start, endsAt }: { startsAt: Date; endsAt?: Date | null | undefined }, now: Date): Date {
  const end = endsAt && endsAt.getTime() >= 0 && endsAt.getTime() < END_OF_TIME_MS ? endsAt : now;
  return end < start ? start : end;
}
