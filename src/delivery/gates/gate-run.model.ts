/** What a gate says in the end; there is no fourth. */
export type GateVerdict = 'promote' | 'rollback' | 'hold';

export const MEASUREMENT_OUTCOMES = ['pass', 'fail', 'no_data', 'error', 'missed'] as const;

/** `fail` accuses the probed service, `error` the witness, `missed` Plimsoll itself. */
export type MeasurementOutcome = (typeof MEASUREMENT_OUTCOMES)[number];

export type GateReasonCode =
  | 'all-checks-passed'
  | 'check-failed'
  | 'wrong-version'
  | 'no-evidence'
  | 'check-error'
  | 'ungated'
  | 'shadow';

/** One of the causes of a verdict, fit for a person to read. */
export interface GateReason {
  readonly code: GateReasonCode;
  readonly check?: string;
  readonly host?: string;
  readonly detail: string;
}

/** What a gate that only watches would have said. */
export interface ShadowVerdict {
  readonly verdict: GateVerdict;
  readonly reasons: GateReason[];
}

/** What the gate has to prove of the hosts: which release they should run by now. */
export interface GatedRelease {
  readonly digest: string;
  readonly gitSha: string;
  readonly version: string;
}
