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

/** Not by cursor: seals are numbered without gaps, and who verifies them wants them in that order. */
export const auditSealsQuery = z.strictObject({
  after: z.coerce.number().int().min(0).max(2_147_483_647).default(0),
  limit: z.coerce.number().int().min(1).max(20).default(10),
});
export type AuditSealsQuery = z.output<typeof auditSealsQuery>;

const auditSealView = z
  .object({
    number: z.int(),
    sealedAt: z.iso.datetime(),
    entries: z.int(),
    hash: z.string(),
    isIntact: z.boolean(),
    isChained: z.boolean(),
    faultCount: z.int(),
    faults: z.array(z.object({ entryId: z.uuid(), kind: z.enum(['changed', 'removed', 'added']) })),
  })
  .meta({ id: 'AuditSeal' });
export type AuditSealView = z.output<typeof auditSealView>;

export const auditSealsView = z.object({ items: z.array(auditSealView), unsealed: z.int() }).meta({ id: 'AuditSeals' });
export type AuditSealsView = z.output<typeof auditSealsView>;
