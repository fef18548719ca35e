import { z } from 'zod';
import { MEASUREMENT_OUTCOMES } from '../../gates/gates.reader.js';
import { DEPLOYMENT_STATES, VERDICTS, verdictOf } from '../deployment.model.js';
import { reason, shadowVerdict, time } from '../deployments.dto.js';
import type { VerdictRow } from '../deployments.reader.js';

export const verdictQuery = z.strictObject({ wait: z.coerce.number().int().min(0).max(60).default(0) });
export type VerdictQuery = z.output<typeof verdictQuery>;

export const verdictView = z
  .object({
    verdict: z.enum(VERDICTS),
    state: z.enum(DEPLOYMENT_STATES),
    rollbackTo: z.object({ digest: z.string(), version: z.string() }).nullable(),
    reasons: z.array(reason),
    shadowVerdict: shadowVerdict.nullable(),
    progress: z.object({ done: z.int(), planned: z.int() }),
  })
  .meta({ id: 'Verdict' });
export type VerdictView = z.output<typeof verdictView>;

export const measurementsView = z
  .object({
    items: z.array(
      z.object({
        check: z.string(),
        host: z.string().nullable(),
        n: z.int(),
        dueAt: z.iso.datetime(),
        measuredAt: time,
        outcome: z.enum(MEASUREMENT_OUTCOMES),
        value: z.number().nullable(),
        detail: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'Measurements' });
export type MeasurementsView = z.output<typeof measurementsView>;

/** The verdict as pipelines read it. */
export function viewOfVerdict(row: VerdictRow): VerdictView {
  const { rollbackToDigest: digest, rollbackToVersion: version } = row;
  return {
    verdict: verdictOf(row.state),
    state: row.state,
    rollbackTo: digest !== null && version !== null ? { digest, version } : null,
    reasons: row.reasons,
    shadowVerdict: row.shadowVerdict,
    progress: { done: row.done ?? 0, planned: row.planned ?? 0 },
  };
}
