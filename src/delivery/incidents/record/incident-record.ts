import { randomUUIDv7 } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Principal } from '../../../platform/auth/principal.js';
import { Clock } from '../../../platform/clock.js';
import { IncidentEntity } from '../incident.entity.js';
import { areSame, begin, belongsTo, join } from '../incident.model.js';
import { Incidents } from '../incidents.events.js';
import { type IncidentChange, IncidentChanges } from './incident-changes.js';
import type { ToldAlert } from './told-alert.js';

const LOCK = `select pg_advisory_xact_lock(hashtextextended('incidents', 0))`;

/** For each alert the incident that began last before it, and the first after it: it belongs to one of these or none. */
const NEIGHBOURS = `
  select distinct i.id from unnest($1::text[], $2::timestamptz[]) as t(fingerprint, starts_at) cross join lateral (
    (select id from incidents b where b.fingerprint = t.fingerprint and b.starts_at <= t.starts_at
      order by b.starts_at desc limit 1)
    union all
    (select id from incidents a where a.fingerprint = t.fingerprint and a.starts_at > t.starts_at
      order by a.starts_at limit 1)) i`;

const ROW = `
  id uuid, fingerprint text, "startsAt" timestamptz, "latestStartsAt" timestamptz, "endsAt" timestamptz,
  "reopenedAt" timestamptz, title text, labels jsonb, service text, environment text, "deploymentId" uuid,
  attribution text, "createdAt" timestamptz`;

const ADD = `
  insert into incidents (id, fingerprint, starts_at, latest_starts_at, ends_at, reopened_at, title, labels, service,
                         environment, deployment_id, attribution, created_at)
  select id, fingerprint, "startsAt", "latestStartsAt", "endsAt", "reopenedAt", title, labels, service,
         environment, "deploymentId", attribution, "createdAt"
  from jsonb_to_recordset($1) as r(${ROW})`;

const CHANGE = `
  update incidents i set starts_at = r."startsAt", latest_starts_at = r."latestStartsAt", ends_at = r."endsAt",
    reopened_at = r."reopenedAt", service = r.service, environment = r.environment,
    deployment_id = r."deploymentId", attribution = r.attribution
  from jsonb_to_recordset($1) as r(${ROW}) where i.id = r.id`;

/** Keeps incidents: the one place that writes them. */
@Injectable()
export class IncidentRecord {
  constructor(
    private readonly incidents: Incidents,
    private readonly changes: IncidentChanges,
    private readonly clock: Clock,
  ) {}

  /** Whoever writes incidents does this first: one at a time, so that two who tell the same write it once. */
  async lock(tx: EntityManager): Promise<void> {
    await tx.query(LOCK);
  }

  /** Writes what these alerts change, and nothing where it was all known. A new incident is attributed, this once. */
  async tell(tx: EntityManager, principal: Principal, alerts: readonly ToldAlert[]): Promise<void> {
    await this.lock(tx);
    const known = await this.known(tx, alerts);
    const before = new Map(known.map((incident) => [incident.id, incident]));
    const latest = new Fingerprints(known);
    const beginnings = new Map<string, ToldAlert>();
    for (const alert of alerts) {
      const incident = latest.ownerOf(alert);
      if (incident) {
        latest.put(Object.assign(new IncidentEntity(), incident, join(alert, incident)));
      } else {
        const made = this.beginning(alert);
        beginnings.set(made.id, alert);
        latest.put(made);
      }
    }
    await this.attribute(tx, latest, beginnings);
    const all = latest.all.map((after): IncidentChange => ({ before: before.get(after.id) ?? null, after }));
    await this.keep(
      tx,
      principal,
      all.filter(({ before: was, after }) => !was || !areSame(was, after)),
    );
  }

  /** Writes new incidents that somebody else has told of before: no event follows, and no entry of the audit log. */
  async add(tx: EntityManager, incidents: readonly IncidentEntity[]): Promise<void> {
    if (incidents.length > 0) await tx.query(ADD, [JSON.stringify(incidents)]);
  }

  /** Writes changes that the caller has judged, under the lock, and tells of them. */
  async keep(tx: EntityManager, principal: Principal, changes: readonly IncidentChange[]): Promise<void> {
    const added = changes.flatMap(({ before, after }) => (before ? [] : [after]));
    const changed = changes.flatMap(({ before, after }) => (before ? [after] : []));
    await this.add(tx, added);
    if (changed.length > 0) await tx.query(CHANGE, [JSON.stringify(changed)]);
    await this.changes.tell(tx, principal, changes);
  }

  private async known(tx: EntityManager, alerts: readonly ToldAlert[]): Promise<IncidentEntity[]> {
    const fingerprints = alerts.map(({ fingerprint }) => fingerprint);
    const starts = alerts.map(({ startsAt }) => startsAt);
    const ids = await tx.query<{ id: string }[]>(NEIGHBOURS, [fingerprints, starts]);
    return tx
      .getRepository(IncidentEntity)
      .createQueryBuilder('i')
      .where('i.id = any(:ids)', { ids: ids.map(({ id }) => id) })
      .getMany();
  }

  private beginning(alert: ToldAlert): IncidentEntity {
    const { fingerprint, title, labels, service, environment } = alert;
    const unattributed = { deploymentId: null, attribution: 'none' } as const;
    const subject = { id: randomUUIDv7(), fingerprint, title, labels, service, environment };
    return Object.assign(new IncidentEntity(), subject, begin(alert), unattributed, { createdAt: this.clock.now() });
  }

  private async attribute(
    tx: EntityManager,
    latest: Fingerprints,
    beginnings: ReadonlyMap<string, ToldAlert>,
  ): Promise<void> {
    const made = latest.all.filter(({ id }) => beginnings.has(id));
    const culprits = await this.incidents.attribute(
      tx,
      made.flatMap(({ id }) => beginnings.get(id) ?? []),
    );
    made.forEach((incident, n) => {
      const culprit = culprits[n];
      if (!culprit) return;
      const { deploymentId, by, service, environment } = culprit;
      Object.assign(incident, { deploymentId, attribution: by, service, environment });
    });
  }
}

/** Incidents by fingerprint, as alerts change them one after the other. */
class Fingerprints {
  private readonly incidents = new Map<string, Map<string, IncidentEntity>>();

  constructor(known: readonly IncidentEntity[]) {
    for (const incident of known) this.put(incident);
  }

  get all(): IncidentEntity[] {
    return [...this.incidents.values()].flatMap((ofOne) => Array.from(ofOne.values()));
  }

  put(incident: IncidentEntity): void {
    const ofOne = this.incidents.get(incident.fingerprint) ?? new Map<string, IncidentEntity>();
    this.incidents.set(incident.fingerprint, ofOne.set(incident.id, incident));
  }

  /** The incident that the alert belongs to: rather one that began before it. */
  ownerOf(alert: ToldAlert): IncidentEntity | undefined {
    const ofOne = [...(this.incidents.get(alert.fingerprint)?.values() ?? [])];
    const candidates = ofOne.filter((incident) => belongsTo(alert, incident));
    return candidates.find(({ startsAt }) => startsAt <= alert.startsAt) ?? candidates[0];
  }
}
