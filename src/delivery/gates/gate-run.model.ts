/** The possible verdicts of a gate. */
export type GateVerdict = 'promote' | 'rollback' | 'hold';

export const MEASUREMENT_OUTCOMES = ['pass', 'fail', 'no_data', 'error', 'missed'] as const;

/**
 * `fail` counts against the probed service. `error` is a fault of the tool that measures, `missed` a fault of Plimsoll.
 */
export type MeasurementOutcome = (typeof MEASUREMENT_OUTCOMES)[number];

export type GateReasonCode =
  | 'all-checks-passed'
  | 'check-failed'
  | 'wrong-version'
  | 'no-evidence'
  | 'check-error'
  | 'ungated'
  | 'shadow';

/** One cause of a verdict, written for people. */
export interface GateReason {
  readonly code: GateReasonCode;
  readonly check?: string;
  readonly host?: string;
  readonly detail: string;
}

/** What a shadow gate would have decided. */
export interface ShadowVerdict {
  readonly verdict: GateVerdict;
  readonly reasons: GateReason[];
}

/** The release that the gate must find on every host. */
export interface GatedRelease {
  readonly digest: string;
  readonly gitSha: string;
  readonly version: string;
}
