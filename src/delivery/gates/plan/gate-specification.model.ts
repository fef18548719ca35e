import type { Condition } from './condition.model.js';
import type { NumericRange } from './numeric-range.model.js';

export type OnNoData = 'hold' | 'pass' | 'fail';

export interface FailureLimit {
  readonly total: number;
  readonly consecutive: number;
}

/** How the run's mean must compare with `factor` × the mean of the last promoted runs. */
export interface Baseline {
  readonly op: 'lt' | 'lte' | 'gt' | 'gte';
  readonly factor: number;
  readonly runs: number;
}

type Given<Settings> = { readonly [Key in keyof Settings]?: Settings[Key] | undefined };

/** A check as the operator wrote it: the settings of every type, and those of its own type (`url`, `query`). */
export interface CheckSpecification {
  readonly name: string;
  readonly type: string;
  readonly required?: boolean | undefined;
  readonly initialDelaySeconds?: number | undefined;
  readonly intervalSeconds?: number | undefined;
  readonly timeoutSeconds?: number | undefined;
  readonly expect?: readonly Condition[] | undefined;
  readonly failAt?: Given<FailureLimit> | undefined;
  readonly errorAt?: number | undefined;
  readonly minMeasurements?: number | undefined;
  readonly onNoData?: OnNoData | undefined;
  readonly baseline?: (Given<Baseline> & { readonly factor: number }) | undefined;
  readonly [own: string]: unknown;
}

export interface IdentitySpecification {
  readonly url: string;
  readonly field: string;
  readonly consecutive?: number | undefined;
  readonly withinSeconds?: number | undefined;
  /** Plimsoll also asks the hosts while no gate runs, to detect drift. */
  readonly watch?: boolean | undefined;
}

export interface GatedSpecification {
  readonly warmUpSeconds?: number | undefined;
  readonly bakeSeconds?: number | undefined;
  /** The gate runs in full and decides nothing. */
  readonly shadow?: boolean | undefined;
  readonly identity?: IdentitySpecification | undefined;
  readonly checks: readonly CheckSpecification[];
}

export interface UngatedSpecification {
  readonly ungated: string;
}

/** What must hold after a deployment into a slot, as the operator wrote it. */
export type GateSpecification = GatedSpecification | UngatedSpecification;

export function isUngated(specification: GateSpecification): specification is UngatedSpecification {
  return 'ungated' in specification;
}

/** How many measurements of a type run at once, in total and for one gate run. */
export interface AtOnce {
  readonly all: number;
  readonly ofRun: number;
}

export interface Cadence {
  readonly initialDelaySeconds: number;
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
}

/** What the core must know about a type of check, so that it never tests for a type by name. */
export interface CheckKind {
  readonly type: string;
  /**
   * A witness reports on the service and is not the service itself. In a rollback it decides nothing if another check
   * is required.
   */
  readonly isWitness: boolean;
  /** What happens to a measurement that was not made before the next one was due. */
  readonly whenLate: 'missed' | 'measured';
  /**
   * A separate limit for a type whose measurements all go to one peer and would delay the others. Other types share one
   * limit.
   */
  readonly atOnce?: AtOnce;
  /** How often it is measured by default. */
  cadence(bakeSeconds: number): Cadence;
  /** Whether it is planned once for each host of the slot, or once in total. */
  isPerHost(check: CheckSpecification): boolean;
  /** Whether an answer of this type can have the field. */
  hasField(field: string): boolean;
  /** The range of the field if it is always a number; otherwise null. */
  rangeOf(field: string): NumericRange | null;
  /** The faults of the settings that belong to the type, by JSON pointer into the check. */
  faultsOf(check: CheckSpecification, subject: GateSubject): Fault[];
}

/** The slot and its settings for which a gate is validated. */
export interface GateSubject {
  readonly service: string;
  readonly environment: string;
  readonly hosts: readonly { readonly name: string; readonly url: string }[];
}

/** Finds the kind of a check by its type; undefined for one that is not available here. */
export type CheckKinds = (type: string) => CheckKind | undefined;

/** The fault at one place of a specification. */
export interface Fault {
  readonly pointer: string;
  readonly detail: string;
}
