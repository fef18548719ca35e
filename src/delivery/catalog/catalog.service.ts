import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import type { EntityManager, EntityTarget, ObjectLiteral } from 'typeorm';
import { AuditLog } from '../../platform/audit/audit-log.js';
import type { Principal } from '../../platform/auth/principal.js';
import { Clock } from '../../platform/clock.js';
import { assertIfMatch } from '../../platform/http/etag.js';
import type { Keyset } from '../../platform/http/page.js';
import type { FieldError } from '../../platform/http/problems/domain-error.js';
import { validationFailed } from '../../platform/http/problems/http.errors.js';
import { ProbeTargets } from '../../platform/probes/probe-targets.js';
import type { EnvironmentBody, EnvironmentView, HostsBody, ServiceBody, ServiceView } from './catalog.dto.js';
import { EnvironmentEntity, ServiceEntity, SlotEntity } from './catalog.entities.js';
import { Slots } from './catalog.events.js';
import { normalisedHost, repeatedNames } from './catalog.model.js';

export interface Put<View> {
  readonly view: View;
  readonly isNew: boolean;
}

type Entry = EnvironmentEntity | ServiceEntity;

/** What a kind of catalogue entry needs to be put: its table, its name in the audit log, how it is shown. */
interface Kind<E extends Entry, View> {
  readonly entity: EntityTarget<E>;
  readonly name: string;
  readonly view: (entry: E) => View;
}

const ENVIRONMENT: Kind<EnvironmentEntity, EnvironmentView> = {
  entity: EnvironmentEntity,
  name: 'environment',
  view: ({ slug, tier, description, createdAt, updatedAt }) => ({
    slug,
    tier,
    description,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  }),
};

const SERVICE: Kind<ServiceEntity, ServiceView> = {
  entity: ServiceEntity,
  name: 'service',
  view: ({ slug, description, repository, owner, createdAt, updatedAt }) => ({
    slug,
    description,
    repository,
    owner,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  }),
};

export const viewOfEnvironment = ENVIRONMENT.view;
export const viewOfService = SERVICE.view;

/** Environments, services, and the hosts of their slots. */
@Injectable()
export class CatalogService {
  constructor(
    private readonly slots: Slots,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
    private readonly targets: ProbeTargets,
  ) {}

  /** @throws DomainError `precondition-failed` */
  putEnvironment(tx: EntityManager, principal: Principal, slug: string, body: EnvironmentBody, ifMatch?: string) {
    return this.put(tx, ENVIRONMENT, principal, slug, body, ifMatch);
  }

  /** @throws DomainError `precondition-failed` */
  putService(tx: EntityManager, principal: Principal, slug: string, body: ServiceBody, ifMatch?: string) {
    return this.put(tx, SERVICE, principal, slug, body, ifMatch);
  }

  /** Newest first; one more than `limit`, so that the page knows whether there is a next one. */
  async listEnvironments(handle: EntityManager, after: Keyset | null, limit: number): Promise<EnvironmentEntity[]> {
    return newest(handle, EnvironmentEntity, after, limit);
  }

  async listServices(
    handle: EntityManager,
    after: Keyset | null,
    limit: number,
    only: string | null,
  ): Promise<ServiceEntity[]> {
    return newest(handle, ServiceEntity, after, limit, only);
  }

  /** @throws DomainError `precondition-failed`; 404 for an unknown service or environment; 422 for repeated names and what is not to be probed */
  async putHosts(
    tx: EntityManager,
    principal: Principal,
    service: string,
    environment: string,
    { hosts }: HostsBody,
    ifMatch?: string,
  ): Promise<HostsBody> {
    const faults = this.faultsOfHosts(hosts);
    if (faults.length > 0) throw validationFailed(faults);
    const known = await this.slots.obtain(tx, service, environment);
    const { id } = known;
    const slots = tx.getRepository(SlotEntity);
    const slot = await slots.findOneOrFail({ where: { id }, lock: { mode: 'pessimistic_write' } });
    const before = slot.hosts && { hosts: slot.hosts };
    assertIfMatch(ifMatch, before);
    const after = { hosts: hosts.map(normalisedHost) };
    const objections = await this.slots.faultsOfHosts(tx, { ...known, ...after });
    if (objections.length > 0) throw validationFailed(objections);
    await slots.update({ id }, { ...after, updatedAt: this.clock.now() });
    const subject = `services/${service}/environments/${environment}/hosts`;
    await this.audit.record(tx, { principal, action: 'hosts.put', subject, before, after });
    return after;
  }

  /** A name that has to be looked up is judged by every probe, for it may mean another address by then. */
  private faultsOfHosts(hosts: HostsBody['hosts']): FieldError[] {
    const repeated = repeatedNames(hosts).map((n) => ({
      pointer: `/hosts/${n}/name`,
      detail: 'another host has this name',
    }));
    // A ledger may know hosts that this instance must not probe; a gate that would have to is refused when it is put.
    const refused = hosts.flatMap(({ url }, n) => {
      const refusal = this.targets.prohibitionOf(new URL(url));
      return refusal === null ? [] : [{ pointer: `/hosts/${n}/url`, detail: `would not be probed: ${refusal}` }];
    });
    return [...repeated, ...refused];
  }

  private async put<E extends Entry, View extends object>(
    tx: EntityManager,
    kind: Kind<E, View>,
    principal: Principal,
    slug: string,
    body: object,
    ifMatch: string | undefined,
  ): Promise<Put<View>> {
    const entries = tx.getRepository<Entry>(kind.entity);
    // Two that put the same new slug at once: the second waits here, and then finds what the first one made.
    await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`${kind.name}/${slug}`]);
    const known = (await entries.findOneBy({ slug })) as E | null;
    const before = known && kind.view(known);
    assertIfMatch(ifMatch, before);
    const now = this.clock.now();
    // The same again changes nothing, and so not the ETag either.
    if (known && isDeepStrictEqual({ ...known, ...body }, { ...known }))
      return { view: kind.view(known), isNew: false };
    const entry = { slug, ...body, createdAt: known?.createdAt ?? now, updatedAt: now } as unknown as E;
    await entries.save(entry);
    const after = kind.view(entry);
    await this.audit.record(tx, {
      principal,
      action: `${kind.name}.put`,
      subject: `${kind.name}s/${slug}`,
      before,
      after,
    });
    return { view: after, isNew: known === null };
  }
}

async function newest<E extends Entry & ObjectLiteral>(
  handle: EntityManager,
  entity: EntityTarget<E>,
  after: Keyset | null,
  limit: number,
  only: string | null = null,
): Promise<E[]> {
  const query = handle.getRepository(entity).createQueryBuilder('e');
  if (only !== null) query.andWhere('e.slug = :only', { only });
  if (after) query.andWhere('(e.created_at, e.slug) < (:createdAt, :id)', { createdAt: after.createdAt, id: after.id });
  return query
    .orderBy('e.createdAt', 'DESC')
    .addOrderBy('e.slug', 'DESC')
    .limit(limit + 1)
    .getMany();
}
