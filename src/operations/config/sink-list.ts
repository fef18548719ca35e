import { z } from 'zod';

const MOST_SINKS = 20;

const sink = z
  .strictObject({
    name: z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, 'must be a slug'),
    kind: z.enum(['cdevents', 'slack', 'teams']),
    url: z
      .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
      .max(2000)
      .refine((url) => !/^\w+:\/*[^/?#]*@/.test(url), 'must hold no user and no password'),
    /** The secret that signs the events. Chats take no signature. */
    secret: z.string().min(16, 'must have at least 16 characters').max(500).optional(),
  })
  .refine(({ kind, secret }) => kind !== 'cdevents' || secret !== undefined, {
    path: ['secret'],
    error: 'is required of kind cdevents',
  });

const sinks = z
  .array(sink)
  .max(MOST_SINKS)
  .refine((list) => new Set(list.map(({ name }) => name)).size === list.length, 'must have a name of its own each');

/** Where events are sent. */
export type Sink = z.output<typeof sink>;

/** A list in JSON. A fault names its place, never its value, because the URL of a chat is a secret. */
export const sinkList = z.string().transform((text, context): Sink[] => {
  const parsed = sinks.safeParse(jsonOf(text));
  if (parsed.success) return parsed.data;
  for (const { path, message } of parsed.error.issues) {
    context.addIssue({ code: 'custom', message: `must be a JSON list of sinks: /${path.join('/')} ${message}` });
  }
  return [];
});

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
