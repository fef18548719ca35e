import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { FeatureFlags } from '../../operations/flags/feature-flags.js';
import { AuditLog } from '../../platform/audit/audit-log.js';
import { assertServiceAllowed } from '../../platform/auth/access.js';
import type { Principal } from '../../platform/auth/principal.js';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import { DomainError } from '../../platform/http/problems/domain-error.js';
import { CatalogReader } from '../catalog/catalog.reader.js';
import { type GateOutcome, GateRuns, type ShadowVerdict } from '../gates/gates.events.js';
import { ReleasesReader } from '../releases/releases.reader.js';
import { DeploymentEntity } from './deployment.entity.js';
import { boundedReasons, type DeploymentEvent, isFenceDead, isFinal } from './deployment.model.js';
import type { CancelBody, DecisionBody, FailedBody, MarkBody } from './deployments.dto.js';
import { deploymentsErrors, invalidTransition } from './deployments.errors.js';
import { DeploymentLifecycle, type Held } from './lifecycle/deployment-lifecycle.js';
import { DeploymentMetrics } from './lifecycle/deployment-metrics.js';

const EVENT_OF_VERDICT = {
  promote: 'verdict-promote',
  rollback: 'verdict-rollback',
  hold: 'verdict-hold',
} as const satisfies Record<GateOutcome['verdict'], DeploymentEvent>;

/** What deployers, people and the gate report of a deployment that is there. Every call is one transaction's work. */
@Injectable()
export class DeploymentsService implements OnModuleInit {
  constructor(
    private readonly lifecycle: DeploymentLifecycle,
    private readonly catalog: CatalogReader,
    private readonly releases: ReleasesReader,
    private readonly gates: GateRuns,
    private readonly flags: FeatureFlags,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
    private readonly database: Database,
    private readonly metrics: DeploymentMetrics,
  ) {}

  onModuleInit(): void {
    this.gates.onConclusion((tx, outcome) => this.conclude(tx, outcome));
  }

  /** Says that the deployer is alive. Changes nothing but the lease. @throws DomainError `stale-fence`, `invalid-transition` */
  async heartbeat(tx: EntityManager, principal: Principal, id: string, fence: number | null): Promise<void> {
    const { deployment } = await this.hold(tx, principal, id, fence);
    if (isFinal(deployment.state)) throw invalidTransition(deployment, 'heartbeat');
    if (deployment.state !== 'in_progress') return;
    deployment.heartbeatAt = this.clock.now();
    await tx.getRepository(DeploymentEntity).update({ id }, { heartbeatAt: deployment.heartbeatAt });
  }

  /** The release is on its hosts: the slot runs it now, and the gate begins. */
  async deployed(tx: EntityManager, principal: Principal, id: string, fence: number | null): Promise<void> {
    const held = await this.hold(tx, principal, id, fence);
    if (await this.lifecycle.apply(tx, held, 'deployed', [], principal)) await this.openGate(tx, held);
  }

  /** The release did not get onto its hosts, or not onto all. */
  async failed(tx: EntityManager, principal: Principal, id: string, body: FailedBody): Promise<void> {
    const held = await this.hold(tx, principal, id, body.fence);
    if (held.deployment.state === 'in_progress') held.deployment.hostsChanged = body.hostsChanged;
    await this.lifecycle.apply(tx, held, 'failed', [{ code: 'failed', detail: body.reason }], principal);
  }

  async cancel(tx: EntityManager, principal: Principal, id: string, body: CancelBody): Promise<void> {
    const held = await this.hold(tx, principal, id, body.fence);
    if (held.deployment.state === 'in_progress' && body.hostsChanged) {
      throw invalidTransition(
        held.deployment,
        'cancel',
        'If no host was changed say "hostsChanged": false; otherwise report it as failed.',
      );
    }
    if (held.deployment.state === 'in_progress') held.deployment.hostsChanged = false;
    await this.lifecycle.apply(tx, held, 'cancel', [{ code: 'cancelled', detail: body.reason }], principal);
  }

  /** A person decides what the gate did not. */
  async decide(tx: EntityManager, principal: Principal, id: string, body: DecisionBody): Promise<void> {
    const held = await this.lifecycle.hold(tx, id);
    assertServiceAllowed(principal, held.deployment.service);
    const event = body.decision === 'promote' ? 'decide-promote' : 'decide-reject';
    const detail = `${principal.name} decided "${body.decision}": ${body.reason}`;
    await this.lifecycle.apply(tx, held, event, [{ code: 'decided', detail }], principal);
  }

  /** Marks a deployment as bad, or takes the mark away: its release is no last known good of the slot while it stands. */
  async mark(tx: EntityManager, principal: Principal, id: string, body: MarkBody): Promise<void> {
    const { deployment } = await this.lifecycle.hold(tx, id);
    assertServiceAllowed(principal, deployment.service);
    const before = { bad: deployment.bad, badReason: deployment.badReason };
    const after = { bad: body.bad, badReason: body.reason };
    await tx.getRepository(DeploymentEntity).update({ id }, after);
    await this.audit.record(tx, { principal, action: 'deployment.mark', subject: id, before, after });
  }

  private async conclude(tx: EntityManager, outcome: GateOutcome): Promise<void> {
    const held = await this.lifecycle.hold(tx, outcome.deploymentId);
    // Somebody was quicker than the gate: a verdict is written once, and only over the state that it judged.
    if (held.deployment.state === 'verifying') await this.applyVerdict(tx, held, outcome);
  }

  private async applyVerdict(tx: EntityManager, held: Held, outcome: GateOutcome): Promise<void> {
    const { deployment } = held;
    deployment.shadowVerdict = boundedShadow(outcome.shadowVerdict);
    const verdict = outcome.verdict === 'rollback' && !this.mayRollBack(deployment) ? 'hold' : outcome.verdict;
    const moved = await this.lifecycle.apply(tx, held, EVENT_OF_VERDICT[verdict], outcome.reasons, null);
    if (moved) this.database.afterCommit(() => this.metrics.countVerdict(deployment, verdict));
    const { shadowVerdict } = deployment;
    if (moved && shadowVerdict)
      this.database.afterCommit(() => this.metrics.countShadow(deployment, shadowVerdict.verdict));
  }

  private mayRollBack({ autoRollback, environment, service }: DeploymentEntity): boolean {
    return autoRollback && this.flags.isEnabled('automatic-rollback', { environment, service });
  }

  private async openGate(tx: EntityManager, held: Held): Promise<void> {
    const { deployment } = held;
    const slot = await this.catalog.slotById(tx, deployment.slotId);
    const release = (await this.releases.byIds(tx, [deployment.releaseId])).get(deployment.releaseId);
    if (!slot || !release) throw new Error(`deployment ${deployment.id} has lost its slot or its release`);
    const opening = await this.gates.open(tx, {
      deploymentId: deployment.id,
      slotId: slot.id,
      service: slot.service,
      environment: slot.environment,
      tier: slot.tier,
      kind: deployment.kind,
      release,
      deployedAt: deployment.deployedAt ?? this.clock.now(),
    });
    if (opening.kind === 'concluded') await this.applyVerdict(tx, held, opening.outcome);
  }

  /** The fence is judged before anything else: who holds an old one must hear just that. */
  private async hold(tx: EntityManager, principal: Principal, id: string, fence: number | null): Promise<Held> {
    const held = await this.lifecycle.hold(tx, id);
    assertServiceAllowed(principal, held.deployment.service);
    const { deployment } = held;
    if (fence === deployment.fence && !isFenceDead(deployment.state, deployment.reason)) return held;
    throw new DomainError(
      deploymentsErrors.staleFence,
      'Another deployment has taken over, or the fence is not the one that this deployment got. Stop changing hosts.',
      { state: deployment.state },
    );
  }
}

function boundedShadow(found: ShadowVerdict | undefined): ShadowVerdict | null {
  return found ? { verdict: found.verdict, reasons: boundedReasons(found.reasons) } : null;
}
