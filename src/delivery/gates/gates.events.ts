import { randomUUIDv7 } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { RuntimeConfig } from '../../operations/runtime-config/runtime-config.js';
import { Notifications } from '../../platform/database/notifications.js';
import { CatalogReader, type Tier } from '../catalog/catalog.reader.js';
import { CheckTypes } from './checks/check-types.js';
import type { GatedRelease, GateReason, GateVerdict, ShadowVerdict } from './gate-run.model.js';
import { GatesReader } from './gates.reader.js';
import { type GatePlan, lacksHosts, planGate, plannedCount } from './plan/gate-plan.model.js';
import { MAX_PLANNED, tooManyPlanned } from './plan/gate-rules.model.js';
import { type GatedSpecification, isUngated } from './plan/gate-specification.model.js';
import { deadlineOf, plannedBetween, timesAtOpening } from './plan/gate-times.model.js';
import { inShadow } from './verdict/shadow.model.js';

export type { GatedRelease, GateReason, GateReasonCode, GateVerdict, ShadowVerdict } from './gate-run.model.js';

/** Channels between the instances; the payload is the id of the gate run. */
export const GATE_RUN_OPENED = 'gate_run_opened';
export const GATE_RUN_STOPPED = 'gate_run_stopped';

/** Newest first, at most as many as the longest baseline needs. */
const PROMOTED_MEANS = `select means from gate_runs where slot_id = $1 and promoted order by ended_at desc limit 20`;

export interface GateRequest {
  readonly deploymentId: string;
  readonly slotId: string;
  readonly service: string;
  readonly environment: string;
  readonly tier: Tier;
  readonly kind: 'deploy' | 'rollback' | 'redeploy';
  readonly release: GatedRelease;
  readonly deployedAt: Date;
}

export interface GateOutcome {
  readonly deploymentId: string;
  readonly verdict: GateVerdict;
  readonly reasons: GateReason[];
  readonly concludedAt: Date;
  /** The result of a shadow gate. The verdict of the deployment is then another one. */
  readonly shadowVerdict?: ShadowVerdict;
}

/** Either a gate run that the engine now watches, or a verdict that needs no watching. */
export type GateOpening =
  | { readonly kind: 'running'; readonly deadline: Date }
  | { readonly kind: 'concluded'; readonly outcome: GateOutcome };

/**
 * Called with a verdict inside the transaction that writes it, before the gate run is locked. Lock order: slot, then
 * deployment.
 */
export type ConclusionHandler = (tx: EntityManager, outcome: GateOutcome) => Promise<void>;

/** The release that a host of the slot showed while its identity was being proved. */
export interface HostSighting {
  readonly deploymentId: string;
  readonly host: string;
  readonly digest: string;
}

export type SightingHandler = (tx: EntityManager, sighting: HostSighting) => Promise<void>;

/** The running release of a slot, or null if it is unknown. */
export type RunningRelease = (handle: EntityManager, slotId: string) => Promise<GatedRelease | null>;

/** Gate runs as deployments use them: opened at `deployed`, stopped by a newer event, concluded by a verdict. */
@Injectable()
export class GateRuns {
  private conclusionHandler: ConclusionHandler | null = null;
  private sightingHandler: SightingHandler | null = null;
  private runningReleaseOf: RunningRelease = async () => null;

  constructor(
    private readonly reader: GatesReader,
    private readonly catalog: CatalogReader,
    private readonly types: CheckTypes,
    private readonly runtime: RuntimeConfig,
    private readonly notifications: Notifications,
  ) {}

  /**
   * Opens the gate of a deployment at `deployed`, with the slot's present gate and hosts. If it returns a verdict, the
   * caller must apply it: the conclusion handler is not called.
   */
  async open(tx: EntityManager, request: GateRequest): Promise<GateOpening> {
    const specification = await this.reader.specification(tx, request.slotId);
    if (!specification) return atOnce(request, 'hold', 'no-evidence', 'no gate was put for this slot');
    if (isUngated(specification)) return atOnce(request, 'promote', 'ungated', specification.ungated);
    const plan = await this.plan(tx, request, specification);
    const lack = lackOf(plan);
    if (lack !== null) return withoutRun(request, plan, lack);
    return { kind: 'running', deadline: await this.start(tx, request, plan) };
  }

  /** Ends the gate run without a verdict and stops its measurements. Does nothing if no run is active. */
  async stop(tx: EntityManager, deploymentId: string, at: Date): Promise<void> {
    const [stopped] = await tx.query<[{ id: string }[], number]>(
      `update gate_runs set ended_at = $2, engine_id = null where deployment_id = $1 and ended_at is null returning id`,
      [deploymentId, at],
    );
    for (const { id } of stopped) await this.notifications.send(tx, GATE_RUN_STOPPED, id);
  }

  /**
   * A person promoted a deployment that was on hold. From now on its run counts for the slot's baselines, even if the
   * gate found `rollback` and that was turned into a hold.
   */
  async promoted(tx: EntityManager, deploymentId: string): Promise<void> {
    await tx.query(`update gate_runs set promoted = true where deployment_id = $1`, [deploymentId]);
  }

  /** Sets the only handler. If the handler throws, nothing of the conclusion is written. */
  onConclusion(handler: ConclusionHandler): void {
    this.conclusionHandler = handler;
  }

  /** For the engine: calls the handler, within the concluding transaction. */
  async conclude(tx: EntityManager, outcome: GateOutcome): Promise<void> {
    if (!this.conclusionHandler) throw new Error('nobody is there to hear of verdicts');
    await this.conclusionHandler(tx, outcome);
  }

  /** Sets the only handler, which is called in a separate transaction. */
  onSighting(handler: SightingHandler): void {
    this.sightingHandler = handler;
  }

  /** For the engine. */
  async seen(tx: EntityManager, sighting: HostSighting): Promise<void> {
    await this.sightingHandler?.(tx, sighting);
  }

  /** Sets the only source of the running release. */
  onRunningRelease(source: RunningRelease): void {
    this.runningReleaseOf = source;
  }

  /** For dry runs. */
  runningRelease(handle: EntityManager, slotId: string): Promise<GatedRelease | null> {
    return this.runningReleaseOf(handle, slotId);
  }

  private async plan(tx: EntityManager, request: GateRequest, specification: GatedSpecification): Promise<GatePlan> {
    const slot = await this.catalog.slotById(tx, request.slotId);
    const promoted = await tx.query<{ means: Record<string, number> | null }[]>(PROMOTED_MEANS, [request.slotId]);
    return planGate(specification, {
      ...request,
      hosts: slot?.hosts ?? [],
      kinds: this.types.find,
      defaultBakeSeconds: this.runtime.values.gateDefaults.bakeSeconds,
      promotedMeans: promoted.map(({ means }) => means ?? {}),
    });
  }

  private async start(tx: EntityManager, request: GateRequest, plan: GatePlan): Promise<Date> {
    const id = randomUUIDv7();
    const times = timesAtOpening(plan, request.deployedAt.getTime());
    const deadline = new Date(deadlineOf(times, plan));
    await tx.query(
      `insert into gate_runs (id, deployment_id, slot_id, plan, deployed_at, identity_ends_at, identified_hosts,
                              bake_begins_at, bake_ends_at, moved_ms, deadline, planned, done, unwatched_since, promoted)
       values ($1, $2, $3, $4, $5, $6, '{}', $7, $8, 0, $9, $10, 0, $5, false)`,
      [
        id,
        request.deploymentId,
        request.slotId,
        JSON.stringify(plan),
        request.deployedAt,
        dateOf(times.identityEndsAtMs),
        dateOf(times.bakeBeginsAtMs),
        dateOf(times.bakeEndsAtMs),
        deadline,
        plannedBetween(times, plan),
      ],
    );
    await this.notifications.send(tx, GATE_RUN_OPENED, id);
    return deadline;
  }
}

/** Why a gate cannot run at all, or null. */
function lackOf(plan: GatePlan): string | null {
  if (lacksHosts(plan)) return 'the slot has no host to measure';
  // The gate was PUT before this limit existed, or for a shorter bake: defaults and tiers change without a PUT.
  const planned = plannedCount(plan, plan.bakeMs);
  return planned > MAX_PLANNED ? `the gate ${tooManyPlanned(planned)}` : null;
}

function withoutRun({ deploymentId, deployedAt }: GateRequest, { shadow }: GatePlan, detail: string): GateOpening {
  const found: ShadowVerdict = { verdict: 'hold', reasons: [{ code: 'no-evidence', detail }] };
  const concluded = shadow ? inShadow(found) : found;
  return { kind: 'concluded', outcome: { deploymentId, ...concluded, concludedAt: deployedAt } };
}

function atOnce(
  { deploymentId, deployedAt }: GateRequest,
  verdict: GateVerdict,
  code: GateReason['code'],
  detail: string,
): GateOpening {
  return {
    kind: 'concluded',
    outcome: { deploymentId, verdict, reasons: [{ code, detail }], concludedAt: deployedAt },
  };
}

function dateOf(ms: number | null): Date | null {
  return ms === null ? null : new Date(ms);
}
