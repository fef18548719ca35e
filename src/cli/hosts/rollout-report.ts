import type { HostStep } from './host-state.model.js';
import type { LedgerDeployment, LedgerVerdict } from './ledger.js';
import type { Rollout, RolloutEffect } from './rollout.model.js';

/** What whoever watches is told, as it happens. */
export type RolloutReport =
  | { readonly kind: 'phase'; readonly rollout: Rollout; readonly effect: RolloutEffect | null }
  | { readonly kind: 'host'; readonly host: string; readonly step: HostStep | { readonly kind: 'prepare' | 'migrate' } }
  /** The ledger's deployment that this is, or the rollback that it has become. */
  | { readonly kind: 'deployment'; readonly deployment: LedgerDeployment }
  | { readonly kind: 'verdict'; readonly verdict: LedgerVerdict }
  | { readonly kind: 'waiting'; readonly reason: string };
