import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Tier } from '../catalog/catalog.reader.js';
import type { GatedRelease, GateReason, GateVerdict } from './gate-run.model.js';

export type { GatedRelease, GateReason, GateReasonCode, GateVerdict } from './gate-run.model.js';

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
}

/** Either a gate run that the engine now watches, or a verdict that needs no watching. */
export type GateOpening =
  | { readonly kind: 'running'; readonly deadline: Date }
  | { readonly kind: 'concluded'; readonly outcome: GateOutcome };

/** Told of a verdict inside the transaction that writes it, before the gate run is locked: lock slot, then deployment. */
export type ConclusionHandler = (tx: EntityManager, outcome: GateOutcome) => Promise<void>;

/** Gate runs as deployments know them: opened at `deployed`, stopped by whatever overtakes them, concluded by a verdict. */
@Injectable()
export class GateRuns {
  /**
   * Opens the gate of a deployment that was just deployed, with the slot's gate and hosts as they are now. A verdict
   * that comes back at once is the caller's to apply; the conclusion handler does not hear of it.
   */
  async open(_tx: EntityManager, _request: GateRequest): Promise<GateOpening> {
    throw new Error('gates are not there yet');
  }

  /** Ends the gate run without a verdict; nothing is measured any more. Harmless where none runs. */
  async stop(_tx: EntityManager, _deploymentId: string, _at: Date): Promise<void> {}

  /** A person promoted what the gate had held: from now on the run counts for the slot's baselines. */
  async promoted(_tx: EntityManager, _deploymentId: string): Promise<void> {}

  /** Sets the one handler; it throws to refuse, and then nothing of the conclusion is written. */
  onConclusion(_handler: ConclusionHandler): void {}
}
