import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { MeasurementOutcome } from '../gate-run.model.js';
import type { GatePlan, PlannedCheck, PlannedHost } from '../plan/gate-plan.model.js';
import type { CheckKind, CheckKinds } from '../plan/gate-specification.model.js';

/** The gate run and the host of a measurement (null for a check that is planned once). */
export interface Measured {
  readonly plan: GatePlan;
  readonly check: PlannedCheck;
  readonly host: PlannedHost | null;
}

export interface Reading {
  readonly outcome: Exclude<MeasurementOutcome, 'missed'>;
  readonly value: number | null;
  readonly detail: string | null;
  /** What was read, for a dry run: bounded, and without secrets. */
  readonly read?: () => Readonly<Record<string, unknown>>;
}

/**
 * Measures once, for the instant at which it was due. Settles within a few times the check's timeout, which bounds each
 * step.
 */
export type Measure = (dueAt: Date) => Promise<Reading>;

/** A type of check: the facts by which the core plans it, its schema, and how it is measured. */
export interface CheckType extends CheckKind {
  /** The schema of the whole check, which refuses unknown keys. `type` is a literal in it. */
  readonly schema: z.ZodObject;
  /** Called once per check and host of a run, so that templates are not rendered for every measurement. */
  prepare(measured: Measured): Measure;
}

/** The types of checks that this instance can measure. Each type registers itself; the core knows no type by name. */
@Injectable()
export class CheckTypes {
  private readonly types = new Map<string, CheckType>();

  register(type: CheckType): void {
    this.types.set(type.type, type);
  }

  readonly find: CheckKinds = (type) => this.types.get(type);

  /** Sorted by name, so that every start gives the same order. */
  get all(): CheckType[] {
    return [...this.types.values()].toSorted((a, b) => a.type.localeCompare(b.type));
  }

  /** If a type is no longer available after the gate was written, its checks have no evidence. */
  prepare(measured: Measured): Measure {
    const type = this.types.get(measured.check.type);
    const gone = `checks of type "${measured.check.type}" are not available here`;
    return type?.prepare(measured) ?? (async () => ({ outcome: 'error', value: null, detail: gone }));
  }
}
