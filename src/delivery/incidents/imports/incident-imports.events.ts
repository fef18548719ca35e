import { randomUUIDv7 } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../../platform/clock.js';
import type { DomainError, FieldError } from '../../../platform/http/problems/domain-error.js';
import { validationFailed } from '../../../platform/http/problems/http.errors.js';
import { CatalogReader } from '../../catalog/catalog.reader.js';
import { boundedLabels, titleOf } from '../alertmanager/alert.model.js';
import { namedIn } from '../alertmanager/webhook.dto.js';
import { IncidentEntity } from '../incident.entity.js';
import { begin } from '../incident.model.js';
import { type Culprit, Incidents, type Suspicion } from '../incidents.events.js';
import { IncidentRecord } from '../record/incident-record.js';

/** An incident of another ledger. */
export interface ImportedIncident {
  readonly fingerprint: string;
  /** Null, as the environment, where nobody knows what it was about. */
  readonly service: string | null;
  readonly environment: string | null;
  readonly startsAt: string;
  readonly endsAt: string | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly title?: string | undefined;
  readonly createdAt?: string | undefined;
  /** The id of the deployment that is named; null attributes it by its labels and its time. */
  readonly deployment: string | null;
  readonly isUnattributed: boolean;
}

const KNOWN = `
  select i.fingerprint, i.starts_at as "startsAt" from incidents i
    join unnest($1::text[], $2::timestamptz[]) as t(fingerprint, starts_at)
      on t.fingerprint = i.fingerprint and t.starts_at = i.starts_at`;

const keyOf = (fingerprint: string, startsAt: Date | string): string =>
  `${new Date(startsAt).toISOString()} ${fingerprint}`;

/** Takes in incidents of another ledger. They are attributed as any other, and nobody is told of them. */
@Injectable()
export class IncidentImports {
  constructor(
    private readonly record: IncidentRecord,
    private readonly incidents: Incidents,
    private readonly catalog: CatalogReader,
    private readonly clock: Clock,
  ) {}

  /** What became of each, in their order: one that is known, by fingerprint and start, stays as it is. */
  async take(tx: EntityManager, told: readonly ImportedIncident[]): Promise<('created' | 'existing' | DomainError)[]> {
    if (told.length === 0) return [];
    await this.record.lock(tx);
    const known = await knownOf(tx, told);
    const fresh: ImportedIncident[] = [];
    const outcomes: ('created' | 'existing' | DomainError)[] = [];
    for (const each of told) {
      const key = keyOf(each.fingerprint, each.startsAt);
      const fault = known.has(key) ? null : await this.faultOf(tx, each);
      if (!known.has(key) && !fault) fresh.push(each);
      outcomes.push(known.has(key) ? 'existing' : (fault ?? 'created'));
      if (!fault) known.add(key);
    }
    const culprits = await this.incidents.attribute(tx, fresh.map(suspicionOf));
    await this.record.add(
      tx,
      fresh.map((each, n) => this.incidentOf(each, culprits[n] ?? null)),
    );
    return outcomes;
  }

  private async faultOf(tx: EntityManager, { service, environment }: ImportedIncident): Promise<DomainError | null> {
    const faults: FieldError[] = [];
    if (service !== null && !(await this.catalog.service(tx, service))) {
      const detail = `There is no service "${service}"; PUT /v1/services/${service} first`;
      faults.push({ pointer: '/service', detail });
    }
    if (environment !== null && !(await this.catalog.environment(tx, environment))) {
      const detail = `There is no environment "${environment}"; PUT /v1/environments/${environment} first`;
      faults.push({ pointer: '/environment', detail });
    }
    return faults.length > 0 ? validationFailed(faults) : null;
  }

  private incidentOf(told: ImportedIncident, culprit: Culprit | null): IncidentEntity {
    const { fingerprint, labels, isUnattributed } = told;
    const [startsAt, endsAt] = [new Date(told.startsAt), told.endsAt === null ? null : new Date(told.endsAt)];
    const named = isUnattributed ? null : culprit;
    const subject = {
      id: randomUUIDv7(),
      fingerprint,
      title: told.title ?? titleOf(labels, {}, fingerprint),
      labels: boundedLabels(labels),
      service: named?.service ?? told.service,
      environment: named?.environment ?? told.environment,
      deploymentId: named?.deploymentId ?? null,
      attribution: named?.by ?? 'none',
      createdAt: told.createdAt === undefined ? this.clock.now() : new Date(told.createdAt),
    };
    return Object.assign(new IncidentEntity(), subject, begin({ startsAt, endsAt }));
  }
}

async function knownOf(tx: EntityManager, told: readonly ImportedIncident[]): Promise<Set<string>> {
  const values = [told.map(({ fingerprint }) => fingerprint), told.map(({ startsAt }) => startsAt)];
  const found = await tx.query<{ fingerprint: string; startsAt: Date }[]>(KNOWN, values);
  return new Set(found.map(({ fingerprint, startsAt }) => keyOf(fingerprint, startsAt)));
}

function suspicionOf({ service, environment, startsAt, deployment, labels }: ImportedIncident): Suspicion {
  const subject = { service, environment, startsAt: new Date(startsAt) };
  if (deployment !== null) return { ...subject, deployment, digest: null };
  return { ...subject, ...namedIn(labels) };
}
