import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { FieldError } from '../../../platform/http/problems/domain-error.js';
import { Slots } from '../../catalog/catalog.events.js';
import { CatalogReader, type Slot } from '../../catalog/catalog.reader.js';
import { type KnownRelease, ReleasesReader } from '../../releases/releases.reader.js';
import { DeploymentEntity } from '../deployment.entity.js';
import type { CreateDeploymentBody } from '../deployments.dto.js';
import { missingSubjects } from '../deployments.errors.js';

export interface Subjects {
  readonly slot: Slot;
  readonly release: KnownRelease;
}

/** Finds what a new deployment speaks of, and names at once everything of it that is not there. */
@Injectable()
export class DeploymentSubjects {
  constructor(
    private readonly catalog: CatalogReader,
    private readonly slots: Slots,
    private readonly releases: ReleasesReader,
  ) {}

  /** @throws DomainError `validation-failed` with a pointer to each thing that is missing */
  async resolve(tx: EntityManager, body: CreateDeploymentBody): Promise<Subjects> {
    const release = await this.releases.find(tx, body.service, body.digest);
    const missing = await this.missing(tx, body, release);
    const errors = [...missing, ...(await this.strangers(tx, body, ['retryOf', 'remediates']))];
    if (errors.length > 0 || !release) throw missingSubjects(errors, { mayPass: missing.length > 0 });
    return { slot: await this.slots.obtain(tx, body.service, body.environment), release };
  }

  private async missing(
    tx: EntityManager,
    body: CreateDeploymentBody,
    release: KnownRelease | null,
  ): Promise<FieldError[]> {
    const { service, environment, digest } = body;
    const errors: FieldError[] = [];
    if (!(await this.catalog.service(tx, service))) {
      errors.push({
        pointer: '/service',
        detail: `There is no service "${service}"; PUT /v1/services/${service} first`,
      });
    } else if (!release) {
      const detail = `The service has no such release; PUT /v1/services/${service}/releases/${digest} first`;
      errors.push({ pointer: '/digest', detail });
    }
    if (!(await this.catalog.environment(tx, environment))) {
      const detail = `There is no environment "${environment}"; PUT /v1/environments/${environment} first`;
      errors.push({ pointer: '/environment', detail });
    }
    return errors;
  }

  /** Deployments that are referred to, and are none of this slot. */
  private async strangers(
    tx: EntityManager,
    body: CreateDeploymentBody,
    fields: readonly ('retryOf' | 'remediates')[],
  ): Promise<FieldError[]> {
    const { service, environment } = body;
    const errors: FieldError[] = [];
    for (const field of fields) {
      const id = body[field];
      if (id === null) continue;
      const isOfSlot = await tx.getRepository(DeploymentEntity).existsBy({ id, service, environment });
      if (!isOfSlot) errors.push({ pointer: `/${field}`, detail: 'This slot has no such deployment' });
    }
    return errors;
  }
}
