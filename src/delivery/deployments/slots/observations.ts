import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditLog } from '../../../platform/audit/audit-log.js';
import type { Principal } from '../../../platform/auth/principal.js';
import { Clock } from '../../../platform/clock.js';
import { validationFailed } from '../../../platform/http/problems/http.errors.js';
import { Slots } from '../../catalog/catalog.events.js';
import type { ObservationBody } from './slots.dto.js';

/** What hosts were seen to run: the newest observation of each. */
@Injectable()
export class Observations {
  constructor(
    private readonly slots: Slots,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError `validation-failed` for a host that the slot has not; 404 as for any slot */
  async record(
    tx: EntityManager,
    principal: Principal,
    service: string,
    environment: string,
    { host, digest }: ObservationBody,
  ): Promise<void> {
    const slot = await this.slots.obtain(tx, service, environment);
    if (!slot.hosts?.some(({ name }) => name === host)) {
      throw validationFailed([{ pointer: '/host', detail: `The slot has no host "${host}"; put its hosts first` }]);
    }
    await tx.query(
      `insert into host_observations (slot_id, host, digest, observed_at) values ($1, $2, $3, $4)
       on conflict (slot_id, host) do update set digest = excluded.digest, observed_at = excluded.observed_at
       where host_observations.observed_at <= excluded.observed_at`,
      [slot.id, host, digest, this.clock.now()],
    );
    const subject = `services/${service}/environments/${environment}/observations`;
    await this.audit.record(tx, { principal, action: 'host.observe', subject, before: null, after: { host, digest } });
  }
}
