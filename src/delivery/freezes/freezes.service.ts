import { Injectable } from '@nestjs/common';
import { randomUUIDv7 } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { AuditLog } from '../../platform/audit/audit-log.js';
import { assertServiceAllowed } from '../../platform/auth/access.js';
import type { Principal } from '../../platform/auth/principal.js';
import { Clock } from '../../platform/clock.js';
import type { FieldError } from '../../platform/http/problems/domain-error.js';
import { validationFailed } from '../../platform/http/problems/http.errors.js';
import { Retention } from '../../platform/retention/retention.js';
import { CatalogReader } from '../catalog/catalog.reader.js';
import { FreezeEntity } from './freeze.entity.js';
import { type CreateFreezeBody, type PlannedFreezeView, viewOfFreeze } from './freezes.dto.js';
import { freezeNotFound, tooManyFreezes } from './freezes.errors.js';
import { FreezesReader } from './freezes.reader.js';

/** Every judgement reads those that concern its slot. */
export const MOST_FREEZES = 200;

const NOT_OVER = 'select count(*)::int as count from freezes where weekly is not null or ends_at > $1';

const DELETE_SOME =
  'delete from freezes where id in (select id from freezes where ends_at < $1 order by ends_at limit $2)';

/** Plans freezes, and takes them back. One that is over is kept as long as the audit log. */
@Injectable()
export class FreezesService {
  constructor(
    private readonly catalog: CatalogReader,
    private readonly reader: FreezesReader,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
    retention: Retention,
  ) {
    retention.keep('freezes', ({ auditLogDays }) => auditLogDays, DELETE_SOME);
  }

  /**
   * From its commit on no deployment starts that was judged without it.
   * @throws DomainError `too-many-freezes`; `validation-failed` for a service or environment that is not there
   */
  async create(tx: EntityManager, principal: Principal, body: CreateFreezeBody): Promise<PlannedFreezeView> {
    assertServiceAllowed(principal, body.service);
    await this.assertCatalogued(tx, body);
    await this.reader.lock(tx);
    await this.assertRoom(tx);
    const { environment, service, weekly, reason } = body;
    const freeze: FreezeEntity = {
      id: randomUUIDv7(),
      environment,
      service,
      startsAt: dateOf(body.from),
      endsAt: dateOf(body.to),
      weekly,
      reason,
      actor: principal.name,
      createdAt: this.clock.now(),
    };
    await tx.getRepository(FreezeEntity).insert(freeze);
    const after = viewOfFreeze(freeze);
    await this.audit.record(tx, { principal, action: 'freeze.create', subject: freeze.id, before: null, after });
    return after;
  }

  /** @throws DomainError `freeze-not-found` */
  async delete(tx: EntityManager, principal: Principal, id: string): Promise<void> {
    const freezes = tx.getRepository(FreezeEntity);
    const freeze = await freezes.findOne({ where: { id }, lock: { mode: 'pessimistic_write' } });
    if (!freeze) throw freezeNotFound(id);
    assertServiceAllowed(principal, freeze.service);
    await freezes.delete({ id });
    const before = viewOfFreeze(freeze);
    await this.audit.record(tx, { principal, action: 'freeze.delete', subject: id, before, after: null });
  }

  private async assertCatalogued(tx: EntityManager, { environment, service }: CreateFreezeBody): Promise<void> {
    const errors: FieldError[] = [];
    if (environment !== null && !(await this.catalog.environment(tx, environment))) {
      const detail = `There is no environment "${environment}"; PUT /v1/environments/${environment} first`;
      errors.push({ pointer: '/environment', detail });
    }
    if (service !== null && !(await this.catalog.service(tx, service))) {
      const detail = `There is no service "${service}"; PUT /v1/services/${service} first`;
      errors.push({ pointer: '/service', detail });
    }
    if (errors.length > 0) throw validationFailed(errors);
  }

  private async assertRoom(tx: EntityManager): Promise<void> {
    const [row] = await tx.query<{ count: number }[]>(NOT_OVER, [this.clock.now()]);
    if (row && row.count >= MOST_FREEZES) throw tooManyFreezes(MOST_FREEZES);
  }
}

function dateOf(time: string | null): Date | null {
  return time === null ? null : new Date(time);
}
