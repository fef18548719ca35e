import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { RuntimeConfig } from '../../operations/runtime-config/runtime-config.js';
import { AuditLog } from '../../platform/audit/audit-log.js';
import type { Principal } from '../../platform/auth/principal.js';
import { Clock } from '../../platform/clock.js';
import { assertIfMatch } from '../../platform/http/etag.js';
import { parseBody } from '../../platform/http/input/validation.js';
import { validationFailed } from '../../platform/http/problems/http.errors.js';
import { Slots } from '../catalog/catalog.events.js';
import type { Slot } from '../catalog/catalog.reader.js';
import { CheckTypes } from './checks/check-types.js';
import { isHostField } from './checks/http-answer.js';
import { ProbeUrls } from './checks/probe-urls.js';
import { gateBodyOf, ungatedBody } from './gates.dto.js';
import { GatesReader } from './gates.reader.js';
import { bakeSecondsOf } from './plan/gate-plan.model.js';
import { faultsOf } from './plan/gate-rules.model.js';
import {
  type Fault,
  type GatedSpecification,
  type GateSpecification,
  isUngated,
} from './plan/gate-specification.model.js';

export interface PutGate {
  readonly principal: Principal;
  readonly service: string;
  readonly environment: string;
  readonly body: unknown;
  readonly ifMatch: string | undefined;
}

/** The gates of slots, as operators put them. A gate that runs has a copy of its own and does not notice. */
@Injectable()
export class GatesService {
  constructor(
    private readonly slots: Slots,
    private readonly reader: GatesReader,
    private readonly types: CheckTypes,
    private readonly urls: ProbeUrls,
    private readonly runtime: RuntimeConfig,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError 404 for an unknown service or environment; `validation-failed`; `precondition-failed` */
  async put(
    tx: EntityManager,
    { principal, service, environment, body, ifMatch }: PutGate,
  ): Promise<GateSpecification> {
    const after = this.parsed(body);
    const slot = await this.slots.obtain(tx, service, environment);
    const faults = isUngated(after) ? [] : this.faultsIn(after, slot);
    if (faults.length > 0) throw validationFailed(faults);
    await tx.query('select from slots where id = $1 for no key update', [slot.id]);
    const before = await this.reader.specification(tx, slot.id);
    assertIfMatch(ifMatch, before);
    await tx.query(
      `insert into gate_specifications (slot_id, specification, updated_at) values ($1, $2, $3)
       on conflict (slot_id) do update set specification = excluded.specification, updated_at = excluded.updated_at`,
      [slot.id, JSON.stringify(after), this.clock.now()],
    );
    const subject = `services/${service}/environments/${environment}/gate`;
    await this.audit.record(tx, { principal, action: 'gate.put', subject, before, after });
    return after;
  }

  private parsed(body: unknown): GateSpecification {
    const isAboutNone = typeof body === 'object' && body !== null && 'ungated' in body;
    if (isAboutNone) return parseBody(ungatedBody, body);
    // Every schema of a check holds the common settings, which the type of a registry of schemas cannot say.
    return parseBody(this.gateBody(), body) as unknown as GatedSpecification;
  }

  private gateBody() {
    const [first, ...others] = this.types.all.map(({ schema }) => schema);
    if (!first) throw new Error('no type of check is registered');
    return gateBodyOf([first, ...others]);
  }

  /** What is wrong beyond the shape. */
  private faultsIn(specification: GatedSpecification, slot: Slot): Fault[] {
    const subject = { service: slot.service, environment: slot.environment, hosts: slot.hosts ?? [] };
    return faultsOf(specification, {
      kinds: this.types.find,
      bakeSeconds: bakeSecondsOf(specification, slot.tier, this.runtime.values.gateDefaults.bakeSeconds),
      subject,
      faultOfUrl: (template) => this.urls.faultOf(template, subject),
      isIdentityField: isHostField,
    });
  }
}
