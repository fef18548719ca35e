import { randomUUIDv7 } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Principal } from '../../../platform/auth/principal.js';
import { DomainError, type FieldError } from '../../../platform/http/problems/domain-error.js';
import { validationFailed } from '../../../platform/http/problems/http.errors.js';
import { Slots } from '../../catalog/catalog.events.js';
import type { DeploymentKind, DeploymentState } from '../deployment.model.js';
import { deploymentsErrors } from '../deployments.errors.js';
import { SlotLedger } from '../slots/slot-ledger.js';
import type { SlotStateEntity } from '../slots/slot-state.entity.js';
import {
  addDeployments,
  findDeployments,
  findReleases,
  type KnownDeployment,
  keepRunning,
} from './import-statements.js';

export { DEPLOYMENT_KINDS, isFinal } from '../deployment.model.js';

/** A deployment of another ledger. It is final, and has the times that it had there. */
export interface ImportedDeployment {
  readonly externalId: string;
  readonly service: string;
  readonly environment: string;
  readonly digest: string;
  readonly kind: DeploymentKind;
  readonly state: DeploymentState;
  readonly createdAt: string;
  readonly deployedAt: string | null;
  readonly finishedAt: string;
  readonly remediatesExternalId: string | null;
  readonly hostsChanged?: boolean | undefined;
  readonly actor?: string | undefined;
  readonly badReason: string | null;
}

/** `waits` where it refers to what is not there yet: another line may bring it. */
export type ImportOutcome = 'created' | 'existing' | 'waits' | DomainError;

export interface SlotName {
  readonly service: string;
  readonly environment: string;
}

interface Placed {
  readonly told: ImportedDeployment;
  readonly slotId: string;
  readonly releaseId: string;
}

const nameOf = ({ service, environment }: SlotName): string => `${service} ${environment}`;
const keyOf = (slotId: string, externalId: string): string => `${slotId} ${externalId}`;

/** Takes in deployments of another tool. They move no fence, start no gate, and nobody is told of them. */
@Injectable()
export class DeploymentImports {
  constructor(
    private readonly slots: Slots,
    private readonly ledger: SlotLedger,
  ) {}

  /** What became of each, in their order: those that are known stay as they are; a refusal is of one of them alone. */
  async take(
    tx: EntityManager,
    principal: Principal,
    deployments: readonly ImportedDeployment[],
  ): Promise<ImportOutcome[]> {
    if (deployments.length === 0) return [];
    const releases = await findReleases(tx, deployments);
    const releaseOf = (told: ImportedDeployment) => releases.get(`${told.service} ${told.digest}`);
    // A slot is made on first use, and what waits uses none yet.
    const slots = await this.slotsOf(
      tx,
      deployments.filter((told) => releaseOf(told) !== undefined),
    );
    const placed = deployments.map((told): Placed | ImportOutcome => {
      const [slot, releaseId] = [slots.get(nameOf(told)), releaseOf(told)];
      if (slot instanceof DomainError) return slot;
      return slot !== undefined && releaseId !== undefined ? { told, slotId: slot, releaseId } : 'waits';
    });
    const states = await this.lock(tx, placed);
    const known = await findDeployments(tx, placed.flatMap(referred));
    const added = new Additions(
      principal,
      states,
      new Map(known.map((each) => [keyOf(each.slotId, each.externalId), each])),
    );
    const outcomes = placed.map((each) => (isPlaced(each) ? added.judge(each) : each));
    await addDeployments(tx, added.rows);
    for (const slot of added.changed) await keepRunning(tx, slot);
    return outcomes;
  }

  /** What is to be mended of a deployment that still waits when the last line is in. */
  async faults(tx: EntityManager, told: ImportedDeployment): Promise<DomainError> {
    const { service, environment } = told;
    const uncatalogued = await orUncatalogued(() => this.slots.assertCatalogued(tx, service, environment));
    if (uncatalogued) return uncatalogued;
    const errors: FieldError[] = [];
    if ((await findReleases(tx, [told])).size === 0) {
      const detail = `The service has no such release; PUT /v1/services/${service}/releases/${told.digest} first`;
      errors.push({ pointer: '/digest', detail });
    } else {
      const detail = 'The slot has no deployment with this external id';
      errors.push({ pointer: '/remediatesExternalId', detail });
    }
    return validationFailed(errors);
  }

  /** The ids of deployments by their slot and external id; null where there is none. */
  async idsOf(tx: EntityManager, names: readonly (SlotName & { externalId: string })[]): Promise<(string | null)[]> {
    const found = await findDeployments(tx, names);
    const ids = new Map(found.map((each) => [`${nameOf(each)} ${each.externalId}`, each.id]));
    return names.map((name) => ids.get(`${nameOf(name)} ${name.externalId}`) ?? null);
  }

  private async slotsOf(tx: EntityManager, named: readonly SlotName[]): Promise<Map<string, string | DomainError>> {
    const slots = new Map<string, string | DomainError>();
    for (const one of new Map(named.map((each) => [nameOf(each), each])).values()) {
      slots.set(nameOf(one), await this.slotOf(tx, one));
    }
    return slots;
  }

  private async slotOf(tx: EntityManager, { service, environment }: SlotName): Promise<string | DomainError> {
    return orUncatalogued(async () => (await this.slots.obtain(tx, service, environment)).id);
  }

  /** In the order of their ids, so that two imports into the same slots do not wait for each other. */
  private async lock(
    tx: EntityManager,
    placed: readonly (Placed | ImportOutcome)[],
  ): Promise<Map<string, SlotStateEntity>> {
    const ids = new Set(placed.flatMap((each) => (isPlaced(each) ? [each.slotId] : [])));
    const states = new Map<string, SlotStateEntity>();
    for (const id of [...ids].sort()) states.set(id, await this.ledger.lock(tx, id));
    return states;
  }
}

function isPlaced(each: Placed | ImportOutcome): each is Placed {
  return typeof each === 'object' && 'slotId' in each;
}

/** What the catalogue has not, as a fault of the line. */
async function orUncatalogued<Found>(find: () => Promise<Found>): Promise<Found | DomainError> {
  try {
    return await find();
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const pointer = error.code === 'service-not-found' ? '/service' : '/environment';
    return validationFailed([{ pointer, detail: error.detail.replace(/\.$/, '') }]);
  }
}

/** The deployments that are to be known before one is judged: itself, and the one that it remediates. */
function referred(each: Placed | ImportOutcome): (SlotName & { externalId: string })[] {
  if (!isPlaced(each)) return [];
  const { service, environment, externalId, remediatesExternalId } = each.told;
  const ids = remediatesExternalId === null ? [externalId] : [externalId, remediatesExternalId];
  return ids.map((id) => ({ service, environment, externalId: id }));
}

/** The rows that a batch adds; a line may refer to one before it in the same batch. */
class Additions {
  readonly rows: object[] = [];
  readonly changed = new Set<SlotStateEntity>();

  constructor(
    private readonly principal: Principal,
    private readonly states: ReadonlyMap<string, SlotStateEntity>,
    private readonly known: Map<string, KnownDeployment>,
  ) {}

  judge({ told, slotId, releaseId }: Placed): ImportOutcome {
    const { externalId, remediatesExternalId } = told;
    const known = this.known.get(keyOf(slotId, externalId));
    if (known) return known.releaseId === releaseId && known.kind === told.kind ? 'existing' : differs(known);
    const remediated = remediatesExternalId === null ? null : this.known.get(keyOf(slotId, remediatesExternalId));
    const slot = this.states.get(slotId);
    if (remediated === undefined || !slot) return 'waits';
    const id = randomUUIDv7();
    this.rows.push({ ...this.rowOf(told, slot), id, releaseId, remediates: remediated?.id ?? null });
    const { service, environment, kind } = told;
    this.known.set(keyOf(slotId, externalId), { id, slotId, service, environment, externalId, releaseId, kind });
    this.changed.add(slot);
    return 'created';
  }

  private rowOf(told: ImportedDeployment, slot: SlotStateEntity): object {
    const { service, environment, kind, state, externalId, createdAt, deployedAt, finishedAt, badReason } = told;
    return {
      slotId: slot.slotId,
      service,
      environment,
      kind,
      state,
      externalId,
      createdAt,
      deployedAt,
      finishedAt,
      sequence: (slot.sequence += 1),
      actor: told.actor ?? this.principal.name,
      hostsChanged: told.hostsChanged ?? (state === 'failed' ? true : null),
      // Whoever starts a deployment gives it a fence: a slot without one has none of its own.
      leads: slot.fence === 0,
      bad: badReason !== null,
      badReason,
      freezeDecision: { frozen: false, known: false, override: null, at: createdAt },
    };
  }
}

function differs({ id, externalId }: KnownDeployment): DomainError {
  return new DomainError(
    deploymentsErrors.externalIdDiffers,
    `The external id "${externalId}" belongs to ${id}, a deployment of another release or kind in this slot.`,
  );
}
