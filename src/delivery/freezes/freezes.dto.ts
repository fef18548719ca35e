import { z } from 'zod';
import { slug } from '../../platform/http/input/fields.js';

export const freezeQuery = z.strictObject({ service: slug.optional() });
export type FreezeQuery = z.output<typeof freezeQuery>;

export const freezeView = z
  .object({
    frozen: z.boolean(),
    known: z.boolean(),
    reasons: z.array(
      z.object({
        kind: z.enum(['window', 'weekly', 'flag']),
        id: z.string(),
        reason: z.string(),
        until: z.iso.datetime().nullable(),
      }),
    ),
  })
  .meta({ id: 'Freeze' });
export type FreezeView = z.output<typeof freezeView>;
