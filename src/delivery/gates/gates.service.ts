import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { RuntimeConfig } from '../../operations/runtime-config/runtime-config.js';
import { AuditLog } from '../../platform/audit/audit-log.js';
import type { Principal } from '../../platform/auth/principal.js';
import { Clock } from '../../platform/clock.js';
import { assertIfMatch } from '../../platform/http/etag.js';
import { parseBody } from '../../platform/http/input/validation.js';
import { DocumentedSchemas } from '../../platform/http/openapi/documented-schemas.js';
import { validationFailed } from '../../platform/http/problems/http.errors.js';
import { Slots } from '../catalog/catalog.events.js';
import { CatalogReader, type Slot } from '../catalog/catalog.reader.js';
import { CheckTypes } from './checks/check-types.js';
import { isHostField } from './checks/http-answer.js';
import { ProbeUrls } from './checks/probe-urls.js';
import { GATE_SPECIFICATION, gateBodyOf, ungatedBody } from './gates.dto.js';
import { GatesReader } from './gates.reader.js';
import { bakeSecondsOf } from './plan/gate-plan.model.js';
import { faultsOf, faultsOfPlannedCount } from './plan/gate-rules.model.js';
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

/** The gates of slots, as operators wrote them. A gate run has its own copy, so a change does not affect it. */
@Injectable()
export class GatesService implements OnModuleInit {
  constructor(
    private readonly slots: Slots,
    private readonly catalog: CatalogReader,
    private readonly reader: GatesReader,
    private readonly types: CheckTypes,
    private readonly urls: ProbeUrls,
    private readonly runtime: RuntimeConfig,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
    private readonly documented: DocumentedSchemas,
  ) {}

  /** @throws DomainError 404 for an unknown service or environment; `validation-failed`; `precondition-failed` */
  async put(
    tx: EntityManager,
    { principal, service, environment, body, ifMatch }: PutGate,
  ): Promise<GateSpecification> {
    const after = this.parsed(body);
    const slot = await this.lockedSlot(tx, service, environment);
    const faults = isUngated(after) ? [] : this.faultsIn(after, slot);
    if (faults.length > 0) throw validationFailed(faults);
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

  onModuleInit(): void {
    this.slots.onHosts((tx, slot) => this.faultsOfHosts(tx, slot));
    this.documented.register(GATE_SPECIFICATION, () => this.gateBody());
  }

  /**
   * Reads the hosts after locking the slot, so that a PUT of hosts and a PUT of the gate are validated one after the
   * other.
   */
  private async lockedSlot(tx: EntityManager, service: string, environment: string): Promise<Slot> {
    const { id } = await this.slots.obtain(tx, service, environment);
    await tx.query('select from slots where id = $1 for no key update', [id]);
    const slot = await this.catalog.slotById(tx, id);
    if (!slot) throw new Error(`slot ${service}/${environment} was locked and is not there`);
    return slot;
  }

  /** Why these hosts do not fit the gate of the slot. */
  private async faultsOfHosts(tx: EntityManager, slot: Slot): Promise<Fault[]> {
    const specification = await this.reader.specification(tx, slot.id);
    if (!specification || isUngated(specification)) return [];
    return faultsOfPlannedCount('/hosts', specification, this.contextOf(specification, slot));
  }

  private parsed(body: unknown): GateSpecification {
    const isAboutNone = typeof body === 'object' && body !== null && 'ungated' in body;
    if (isAboutNone) return parseBody(ungatedBody, body);
    // Every check schema includes the common settings, but the type of a registry of schemas cannot express that.
    return parseBody(this.gateBody(), body) as unknown as GatedSpecification;
  }

  private gateBody() {
    const [first, ...others] = this.types.all.map(({ schema }) => schema);
    if (!first) throw new Error('no type of check is registered');
    return gateBodyOf([first, ...others]);
  }

  /** Faults that the schema cannot find. */
  private faultsIn(specification: GatedSpecification, slot: Slot): Fault[] {
    const context = this.contextOf(specification, slot);
    return faultsOf(specification, {
      ...context,
      faultOfUrl: (template) => this.urls.faultOf(template, context.subject),
      isIdentityField: isHostField,
    });
  }

  private contextOf(specification: GatedSpecification, slot: Slot) {
    return {
      kinds: this.types.find,
      bakeSeconds: bakeSecondsOf(specification, slot.tier, this.runtime.values.gateDefaults.bakeSeconds),
      subject: { service: slot.service, environment: slot.environment, hosts: slot.hosts ?? [] },
    };
  }
}
