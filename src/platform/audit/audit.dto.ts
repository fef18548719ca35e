import { z } from 'zod';
import { instant, text } from '../http/input/fields.js';
import { pageQuery } from '../http/page.js';

export const auditQuery = z.strictObject({
  ...pageQuery.shape,
  subject: text(500, 1).optional().describe('The id of the resource, or its path under /v1.'),
  actor: text(500, 1).optional(),
  action: text(100, 1).optional().describe('The thing and the verb: `deployment.create`, `hosts.put`.'),
  from: instant.optional(),
  to: instant.optional().describe('Exclusive.'),
});
export type AuditQuery = z.output<typeof auditQuery>;

const anything = z.record(z.string(), z.unknown()).nullable();

export const auditEntryView = z
  .object({
    id: z.uuid(),
    at: z.iso.datetime(),
    actor: z.string(),
    action: z.string(),
    subject: z.string(),
    requestId: z.string().nullable(),
    before: anything,
    after: anything,
  })
  .meta({ id: 'AuditEntry' });
export type AuditEntryView = z.output<typeof auditEntryView>;

export const auditPage = z.object({ items: z.array(auditEntryView) }).meta({ id: 'AuditEntries' });
