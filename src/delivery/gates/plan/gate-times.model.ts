import { type GatePlan, IDENTITY_INTERVAL_MS, plannedCount } from './gate-plan.model.js';

/** The stored times of a gate run, in milliseconds since the epoch. All due times are calculated from them. */
export interface GateTimes {
  readonly deployedAtMs: number;
  /** Null for a gate without identity. */
  readonly identityEndsAtMs: number | null;
  /** Null until identity is established. Without identity it is known from the start: the end of the warm-up. */
  readonly bakeBeginsAtMs: number | null;
  readonly bakeEndsAtMs: number | null;
  /** By how much the end was moved because of unwatched gaps. */
  readonly movedMs: number;
}

/** The times of a run that is opened now. */
export function timesAtOpening({ identity, warmUpMs, bakeMs }: GatePlan, deployedAtMs: number): GateTimes {
  const beginsAtMs = identity ? null : deployedAtMs + warmUpMs;
  return {
    deployedAtMs,
    identityEndsAtMs: identity && deployedAtMs + identity.withinMs,
    bakeBeginsAtMs: beginsAtMs,
    bakeEndsAtMs: beginsAtMs === null ? null : beginsAtMs + bakeMs,
    movedMs: 0,
  };
}

/** The times once identity is established on every host: the bake begins at that moment. */
export function timesAtBake(times: GateTimes, { bakeMs }: GatePlan, atMs: number): GateTimes {
  return { ...times, bakeBeginsAtMs: atMs, bakeEndsAtMs: atMs + bakeMs };
}

/** The latest time at which the gate concludes, according to the stored times. */
export function deadlineOf({ bakeEndsAtMs, identityEndsAtMs, deployedAtMs }: GateTimes, { bakeMs }: GatePlan): number {
  return bakeEndsAtMs ?? (identityEndsAtMs ?? deployedAtMs) + bakeMs;
}

/** How many measurements the present bake plans; before the bake begins, how many it will plan. */
export function plannedBetween({ bakeBeginsAtMs, bakeEndsAtMs }: GateTimes, plan: GatePlan): number {
  const hasBegun = bakeBeginsAtMs !== null && bakeEndsAtMs !== null;
  return plannedCount(plan, hasBegun ? bakeEndsAtMs - bakeBeginsAtMs : plan.bakeMs);
}

/**
 * Extends the bake by an unwatched gap, up to one extra bake in total, so that missed measurements can be replaced. If
 * nothing was missed, nothing moves, so that a run that is handed over in time ends in time.
 */
export function timesAfterGap(times: GateTimes, plan: GatePlan, gapMs: number, hasMissed: boolean): GateTimes {
  const { identityEndsAtMs, bakeEndsAtMs, movedMs } = times;
  const isIdentifying = bakeEndsAtMs === null;
  if (isIdentifying ? gapMs < IDENTITY_INTERVAL_MS : !hasMissed) return times;
  const byMs = Math.max(0, Math.min(gapMs, plan.bakeMs - movedMs));
  return {
    ...times,
    identityEndsAtMs: isIdentifying && identityEndsAtMs !== null ? identityEndsAtMs + byMs : identityEndsAtMs,
    bakeEndsAtMs: isIdentifying ? null : bakeEndsAtMs + byMs,
    movedMs: movedMs + byMs,
  };
}
