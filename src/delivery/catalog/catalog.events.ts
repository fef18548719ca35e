import { Injectable } from '@nestjs/common';
import { randomUUIDv7 } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../platform/clock.js';
import { DomainError, type FieldError } from '../../platform/http/problems/domain-error.js';
import type { EnvironmentEntity, ServiceEntity } from './catalog.entities.js';
import { catalogErrors } from './catalog.errors.js';
import { CatalogReader, type Slot } from './catalog.reader.js';

/** What somebody has against the hosts that a slot is about to have, by JSON pointer into the body; none for nothing. */
export type HostsRule = (tx: EntityManager, slot: Slot) => Promise<readonly FieldError[]>;

/** First use of a slot: the one thing that others may bring about in the catalogue. And they may object to its hosts. */
@Injectable()
export class Slots {
  private readonly rules: HostsRule[] = [];

  constructor(
    private readonly catalog: CatalogReader,
    private readonly clock: Clock,
  ) {}

  /** The rule is asked under the lock of the slot, before its hosts change. */
  onHosts(rule: HostsRule): void {
    this.rules.push(rule);
  }

  /** For the catalogue: everything that others have against these hosts. */
  async faultsOfHosts(tx: EntityManager, slot: Slot): Promise<FieldError[]> {
    const faults: FieldError[] = [];
    for (const rule of this.rules) faults.push(...(await rule(tx, slot)));
    return faults;
  }

  /**
   * The slot of a service in an environment, made on first use; two at once get the same one.
   * @throws DomainError `service-not-found`, `environment-not-found`
   */
  async obtain(tx: EntityManager, service: string, environment: string): Promise<Slot> {
    const known = await this.catalog.findSlot(tx, service, environment);
    if (known) return known;
    await this.assertCatalogued(tx, service, environment);
    await tx.query(
      `insert into slots (id, service, environment, created_at, updated_at) values ($1, $2, $3, $4, $4)
       on conflict (service, environment) do nothing`,
      [randomUUIDv7(), service, environment, this.clock.now()],
    );
    const made = await this.catalog.findSlot(tx, service, environment);
    if (!made) throw new Error(`slot ${service}/${environment} was made and is not there`);
    return made;
  }

  /** @throws DomainError `service-not-found`, `environment-not-found` */
  async assertCatalogued(handle: EntityManager, service: string, environment: string): Promise<void> {
    await this.service(handle, service);
    await this.environment(handle, environment);
  }

  /** @throws DomainError `service-not-found` */
  async service(handle: EntityManager, slug: string): Promise<ServiceEntity> {
    const service = await this.catalog.service(handle, slug);
    if (service) return service;
    const mend = `PUT /v1/services/${slug} first.`;
    throw new DomainError(catalogErrors.serviceNotFound, `There is no service "${slug}"; ${mend}`);
  }

  /** @throws DomainError `environment-not-found` */
  async environment(handle: EntityManager, slug: string): Promise<EnvironmentEntity> {
    const environment = await this.catalog.environment(handle, slug);
    if (environment) return environment;
    const mend = `PUT /v1/environments/${slug} first.`;
    throw new DomainError(catalogErrors.environmentNotFound, `There is no environment "${slug}"; ${mend}`);
  }
}
