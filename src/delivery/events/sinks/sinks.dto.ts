import { z } from 'zod';

export const sinkPath = z.strictObject({ name: z.string().max(63) });
export type SinkPath = z.output<typeof sinkPath>;

const time = z.iso.datetime().nullable();

export const sinkView = z
  .object({
    name: z.string(),
    kind: z.enum(['cdevents', 'slack', 'teams']),
    pending: z.int(),
    oldestSeconds: z.number().nullable().describe('Since when the oldest waits; null where nothing does.'),
    lastSuccess: time,
    lastError: z.string().nullable(),
    pausedUntil: time.describe('Until when a sink that takes nothing is left alone.'),
    deadLetters: z.int(),
  })
  .meta({ id: 'Sink' });
export type SinkView = z.output<typeof sinkView>;

export const sinksView = z.object({ items: z.array(sinkView) }).meta({ id: 'Sinks' });

export const nothing = z.strictObject({}).optional().meta({ id: 'Nothing' });
