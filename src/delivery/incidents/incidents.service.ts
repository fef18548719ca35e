import { randomUUIDv7 } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { assertServiceAllowed } from '../../platform/auth/access.js';
import type { Principal } from '../../platform/auth/principal.js';
import { Clock } from '../../platform/clock.js';
import { assertIfMatch } from '../../platform/http/etag.js';
import type { FieldError } from '../../platform/http/problems/domain-error.js';
import { validationFailed } from '../../platform/http/problems/http.errors.js';
import { CatalogReader } from '../catalog/catalog.reader.js';
import { IncidentEntity } from './incident.entity.js';
import { begin } from './incident.model.js';
import { type CreateIncidentBody, type PatchIncidentBody, viewOfIncident } from './incidents.dto.js';
import { type Culprit, Incidents } from './incidents.events.js';
import { IncidentsReader } from './incidents.reader.js';
import { IncidentRecord } from './record/incident-record.js';

/** What people do with incidents: report one by hand, say which deployment caused it, say that it is over. */
@Injectable()
export class IncidentsService {
  constructor(
    private readonly record: IncidentRecord,
    private readonly incidents: Incidents,
    private readonly reader: IncidentsReader,
    private readonly catalog: CatalogReader,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError `validation-failed` for what is not there, and an end before the start */
  async create(tx: EntityManager, principal: Principal, body: CreateIncidentBody): Promise<IncidentEntity> {
    const { service, environment, title, deploymentId: deployment } = body;
    assertServiceAllowed(principal, service);
    const id = randomUUIDv7();
    const startsAt = body.startsAt === undefined ? this.clock.now() : new Date(body.startsAt);
    const times = begin({ startsAt, endsAt: body.endsAt === null ? null : new Date(body.endsAt) });
    const faults = await this.faultsOf(tx, body, times);
    if (faults.length > 0) throw validationFailed(faults);
    const suspicion = { service, environment, startsAt, deployment, digest: null };
    const [culprit = null] = await this.incidents.attribute(tx, [suspicion]);
    if (deployment !== null && culprit?.deploymentId !== deployment) throw noSuchDeployment();
    const subject = { id, fingerprint: `manual-${id}`, title, labels: {}, service, environment };
    const attributed = attributionTo(culprit, deployment !== null);
    const createdAt = this.clock.now();
    const after = Object.assign(new IncidentEntity(), subject, times, attributed, { createdAt });
    await this.record.keep(tx, principal, [{ before: null, after }]);
    return after;
  }

  /** @throws DomainError `incident-not-found`, `precondition-failed`; `validation-failed` for a deployment of another slot */
  async patch(
    tx: EntityManager,
    principal: Principal,
    id: string,
    { deploymentId, status }: PatchIncidentBody,
    ifMatch: string | undefined,
  ): Promise<IncidentEntity> {
    await this.record.lock(tx);
    const before = await this.reader.get(tx, id);
    assertServiceAllowed(principal, before.service);
    assertIfMatch(ifMatch, viewOfIncident(before));
    const after = Object.assign(new IncidentEntity(), before);
    if (status === 'resolved') after.endsAt ??= laterOf(this.clock.now(), before.latestStartsAt);
    if (deploymentId !== undefined && deploymentId !== before.deploymentId) {
      Object.assign(after, attributionTo(await this.named(tx, before, deploymentId), true));
    }
    const hasChanged = after.endsAt !== before.endsAt || after.deploymentId !== before.deploymentId;
    if (hasChanged) await this.record.keep(tx, principal, [{ before, after }]);
    return after;
  }

  private async faultsOf(
    tx: EntityManager,
    { service, environment }: CreateIncidentBody,
    { startsAt, endsAt }: { startsAt: Date; endsAt: Date | null },
  ): Promise<FieldError[]> {
    const faults: FieldError[] = [];
    if (!(await this.catalog.service(tx, service))) {
      const detail = `There is no service "${service}"; PUT /v1/services/${service} first`;
      faults.push({ pointer: '/service', detail });
    }
    if (!(await this.catalog.environment(tx, environment))) {
      const detail = `There is no environment "${environment}"; PUT /v1/environments/${environment} first`;
      faults.push({ pointer: '/environment', detail });
    }
    if (endsAt && endsAt < startsAt) faults.push({ pointer: '/endsAt', detail: 'must not lie before startsAt' });
    return faults;
  }

  /** The deployment that a person names, in the slot of the incident as far as that is known. */
  private async named(
    tx: EntityManager,
    { service, environment, startsAt }: IncidentEntity,
    deployment: string | null,
  ): Promise<Culprit | null> {
    if (deployment === null) return null;
    const suspicion = { service, environment, startsAt, deployment, digest: null };
    const [culprit] = await this.incidents.attribute(tx, [suspicion]);
    if (culprit?.deploymentId !== deployment) throw noSuchDeployment();
    return culprit;
  }
}

function attributionTo(culprit: Culprit | null, isManual: boolean): Partial<IncidentEntity> {
  if (!culprit) return { deploymentId: null, attribution: 'none' };
  const { deploymentId, by, service, environment } = culprit;
  return { deploymentId, attribution: isManual ? 'manual' : by, service, environment };
}

function laterOf(one: Date, other: Date): Date {
  return one > other ? one : other;
}

function noSuchDeployment(): Error {
  return validationFailed([{ pointer: '/deploymentId', detail: 'This slot has no such deployment' }]);
}
