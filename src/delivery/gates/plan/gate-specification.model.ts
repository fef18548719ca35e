import type { Condition } from './condition.model.js';
import type { NumericRange } from './numeric-range.model.js';

export type OnNoData = 'hold' | 'pass' | 'fail';

export interface FailureLimit {
  readonly total: number;
  readonly consecutive: number;
}

/** How the run's mean is to compare with `factor` × the mean of the last promoted runs. */
export interface Baseline {
  readonly op: 'lt' | 'lte' | 'gt' | 'gte';
  readonly factor: number;
  readonly runs: number;
}

type Given<Settings> = { readonly [Key in keyof Settings]?: Settings[Key] | undefined };

/** A check as it was put: what every type of check has, and what its own type adds (`url`, `query`). */
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
  /** Hosts are asked also while no gate does, so that drift shows. */
  readonly watch?: boolean | undefined;
}

export interface GatedSpecification {
  readonly warmUpSeconds?: number | undefined;
  readonly bakeSeconds?: number | undefined;
  /** It is run in full, and decides nothing. */
  readonly shadow?: boolean | undefined;
  readonly identity?: IdentitySpecification | undefined;
  readonly checks: readonly CheckSpecification[];
}

export interface UngatedSpecification {
  readonly ungated: string;
}

/** What must hold after a deployment into a slot, as it was put. */
export type GateSpecification = GatedSpecification | UngatedSpecification;

export function isUngated(specification: GateSpecification): specification is UngatedSpecification {
  return 'ungated' in specification;
}

/** How many measurements of a type are made at once, altogether and of one gate run. */
export interface AtOnce {
  readonly all: number;
  readonly ofRun: number;
}

export interface Cadence {
  readonly initialDelaySeconds: number;
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
}

/** What the core has to know of a type of check, so that it never asks which type it is. */
export interface CheckKind {
  readonly type: string;
  /** A witness speaks of the service and is not the service itself: in a rollback it only advises. */
  readonly isWitness: boolean;
  /** What becomes of a measurement that nobody made before the next one was due. */
  readonly whenLate: 'missed' | 'measured';
  /** Where all of the type go to the same place, which would delay the others; else they share what there is. */
  readonly atOnce?: AtOnce;
  /** How often it is measured unless the gate says otherwise. */
  cadence(bakeSeconds: number): Cadence;
  /** Planned for each host of the slot, or once. */
  isPerHost(check: CheckSpecification): boolean;
  /** Whether an answer of this type can have the field. */
  hasField(field: string): boolean;
  /** Between what the field lies, if it is always a number where an answer has it; else null. */
  rangeOf(field: string): NumericRange | null;
  /** What is wrong with the part of the check that is its type's own, by JSON pointer into the check. */
  faultsOf(check: CheckSpecification, subject: GateSubject): Fault[];
}

/** What a gate is put for, as it is now. */
export interface GateSubject {
  readonly service: string;
  readonly environment: string;
  readonly hosts: readonly { readonly name: string; readonly url: string }[];
}

/** Finds the kind of a check by its type; undefined for one that is not available here. */
export type CheckKinds = (type: string) => CheckKind | undefined;

/** What is wrong with one place of a specification. */
export interface Fault {
  readonly pointer: string;
  readonly detail: string;
}
