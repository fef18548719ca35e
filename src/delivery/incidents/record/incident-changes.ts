import { randomUUIDv7 } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditLog } from '../../../platform/audit/audit-log.js';
import type { Principal } from '../../../platform/auth/principal.js';
import { Clock } from '../../../platform/clock.js';
import type { IncidentEntity } from '../incident.entity.js';
import { type IncidentStatus, statusOf } from '../incident.model.js';

/** An incident as it was, null before it was there, and as it is now. */
export interface IncidentChange {
  readonly before: IncidentEntity | null;
  readonly after: IncidentEntity;
}

type Happening = 'detected' | 'reopened' | 'resolved' | 'changed';

/** What has happened when an incident goes from one status to another. */
const HAPPENINGS: Record<IncidentStatus | 'none', Record<IncidentStatus, readonly Happening[]>> = {
  none: { firing: ['detected'], resolved: ['detected', 'resolved'] },
  firing: { firing: ['changed'], resolved: ['resolved'] },
  resolved: { firing: ['reopened'], resolved: ['changed'] },
};

const APPEND = `
  insert into events (id, slot_id, type, incident_id, deployment_id, data, created_at)
  select e.id, s.id, e.type, e."incidentId", e."deploymentId", e.data, $2
  from jsonb_to_recordset($1) as e(
      n integer, id uuid, type text, "incidentId" uuid, "deploymentId" uuid, service text, environment text, data jsonb)
    left join slots s on s.service = e.service and s.environment = e.environment
  order by e.n`;

/** Tells of what became of incidents, in the transaction of the change: in the outbox and in the audit log. */
@Injectable()
export class IncidentChanges {
  constructor(
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  async tell(tx: EntityManager, principal: Principal, changes: readonly IncidentChange[]): Promise<void> {
    const told = changes.flatMap((change) =>
      happeningsOf(change).map((happening) => ({ before: change.before, after: change.after, happening })),
    );
    if (told.length === 0) return;
    const events = told.map(({ after, happening }, n) => ({
      n,
      id: randomUUIDv7(),
      type: `incident.${happening}`,
      incidentId: after.id,
      deploymentId: after.deploymentId,
      service: after.service,
      environment: after.environment,
      data: summaryOf(after),
    }));
    await tx.query(APPEND, [JSON.stringify(events), this.clock.now()]);
    await this.audit.recordAll(
      tx,
      told.map(({ before, after, happening }) => ({
        principal,
        action: `incident.${happening}`,
        subject: after.id,
        before: before && summaryOf(before),
        after: summaryOf(after),
      })),
    );
  }
}

function happeningsOf({ before, after }: IncidentChange): readonly Happening[] {
  return HAPPENINGS[before ? statusOf(before) : 'none'][statusOf(after)];
}

/** Without the labels, which are many and never change. */
function summaryOf(incident: IncidentEntity): object {
  const { fingerprint, title, service, environment, deploymentId, attribution, startsAt, endsAt, reopenedAt } =
    incident;
  const status = statusOf(incident);
  return {
    fingerprint,
    title,
    service,
    environment,
    deploymentId,
    attribution,
    status,
    startsAt,
    endsAt,
    reopenedAt,
  };
}
