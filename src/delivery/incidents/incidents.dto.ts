import { Injectable, type PipeTransform } from '@nestjs/common';
import { z } from 'zod';
import { instant, slug, text, uuid } from '../../platform/http/input/fields.js';
import { pageQuery } from '../../platform/http/page.js';
import type { IncidentEntity } from './incident.entity.js';
import { ATTRIBUTIONS, INCIDENT_STATUSES, statusOf } from './incident.model.js';
import { incidentNotFound } from './incidents.errors.js';

/** The id of an incident in a path: what can be no id is an incident that is not there. */
@Injectable()
export class IncidentId implements PipeTransform<string, string> {
  transform(id: string): string {
    const parsed = uuid.safeParse(id);
    if (!parsed.success) throw incidentNotFound(id.slice(0, 100));
    return parsed.data;
  }
}

export const createIncidentBody = z
  .strictObject({
    service: slug,
    environment: slug,
    title: text(200, 1),
    startsAt: instant.optional().describe('Now, if it is left out.'),
    endsAt: instant.nullable().default(null),
    deploymentId: uuid.nullable().default(null).describe('Null: attributed by the time at which it starts.'),
  })
  .meta({ id: 'CreateIncident' });
export type CreateIncidentBody = z.output<typeof createIncidentBody>;

export const patchIncidentBody = z
  .strictObject({
    deploymentId: uuid.nullable().optional().describe('Null takes it from the deployment that it is attributed to.'),
    status: z.literal('resolved').optional(),
  })
  .meta({ id: 'PatchIncident' });
export type PatchIncidentBody = z.output<typeof patchIncidentBody>;

export const incidentsQuery = z.strictObject({
  ...pageQuery.shape,
  service: slug.optional(),
  environment: slug.optional(),
  status: z.enum(INCIDENT_STATUSES).optional(),
  from: instant.optional().describe('Those that started then or later.'),
  to: instant.optional().describe('Those that started before.'),
});
export type IncidentsQuery = z.output<typeof incidentsQuery>;

const time = z.iso.datetime();

export const incidentView = z
  .object({
    id: z.uuid(),
    fingerprint: z.string(),
    status: z.enum(INCIDENT_STATUSES),
    startsAt: time,
    endsAt: time.nullable(),
    reopenedAt: time.nullable().describe('When it fired again within 5 min of its end, the last time that it did.'),
    title: z.string(),
    labels: z.record(z.string(), z.string()).describe('At most 64, each value cut to 1000 characters.'),
    service: z.string().nullable(),
    environment: z.string().nullable(),
    deploymentId: z.uuid().nullable(),
    attribution: z.enum(ATTRIBUTIONS),
    createdAt: time,
  })
  .meta({ id: 'Incident' });
export type IncidentView = z.output<typeof incidentView>;

export const incidentsView = z.object({ items: z.array(incidentView) }).meta({ id: 'Incidents' });

/** The incident as the API shows it. */
export function viewOfIncident(incident: IncidentEntity): IncidentView {
  return {
    id: incident.id,
    fingerprint: incident.fingerprint,
    status: statusOf(incident),
    startsAt: incident.startsAt.toISOString(),
    endsAt: incident.endsAt?.toISOString() ?? null,
    reopenedAt: incident.reopenedAt?.toISOString() ?? null,
    title: incident.title,
    labels: incident.labels,
    service: incident.service,
    environment: incident.environment,
    deploymentId: incident.deploymentId,
    attribution: incident.attribution,
    createdAt: incident.createdAt.toISOString(),
  };
}
