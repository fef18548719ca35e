import { Injectable } from '@nestjs/common';
import { randomUUIDv7 } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../platform/clock.js';
import { DomainError } from '../../platform/http/domain-error.js';
import { catalogErrors } from './catalog.errors.js';
import { CatalogReader, type Slot } from './catalog.reader.js';

/** First use of a slot: the one thing that others may bring about in the catalogue. */
@Injectable()
export class Slots {
  constructor(
    private readonly catalog: CatalogReader,
    private readonly clock: Clock,
  ) {}

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
    if (!(await this.catalog.service(handle, service))) {
      throw new DomainError(
        catalogErrors.serviceNotFound,
        `There is no service "${service}"; PUT /v1/services/${service} first.`,
      );
    }
    if (!(await this.catalog.environment(handle, environment))) {
      throw new DomainError(
        catalogErrors.environmentNotFound,
        `There is no environment "${environment}"; PUT /v1/environments/${environment} first.`,
      );
    }
  }
}
