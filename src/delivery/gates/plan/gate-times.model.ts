import { type GatePlan, IDENTITY_INTERVAL_MS, plannedCount } from './gate-plan.model.js';

/** The stored times of a gate run, in milliseconds since the epoch. Everything that is due derives from them. */
export interface GateTimes {
  readonly deployedAtMs: number;
  /** Null for a gate without identity. */
  readonly identityEndsAtMs: number | null;
  /** Null until identity is established; without identity it is known from the start, after the warm-up. */
  readonly bakeBeginsAtMs: number | null;
  readonly bakeEndsAtMs: number | null;
  /** By how much the end was moved, because nobody watched. */
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

/** The times once identity is established on every host: the bake begins there and then. */
export function timesAtBake(times: GateTimes, { bakeMs }: GatePlan, atMs: number): GateTimes {
  return { ...times, bakeBeginsAtMs: atMs, bakeEndsAtMs: atMs + bakeMs };
}

/** When the gate concludes at the latest, as far as the stored times tell. */
export function deadlineOf({ bakeEndsAtMs, identityEndsAtMs, deployedAtMs }: GateTimes, { bakeMs }: GatePlan): number {
  return bakeEndsAtMs ?? (identityEndsAtMs ?? deployedAtMs) + bakeMs;
}

/** How many measurements the bake plans as long as it is now; before it begins, as long as it is to be. */
export function plannedBetween({ bakeBeginsAtMs, bakeEndsAtMs }: GateTimes, plan: GatePlan): number {
  const hasBegun = bakeBeginsAtMs !== null && bakeEndsAtMs !== null;
  return plannedCount(plan, hasBegun ? bakeEndsAtMs - bakeBeginsAtMs : plan.bakeMs);
}

/**
 * Gives back the time in which nobody watched, at most one bake in the life of a run: what was missed can be made up
 * for. Where nothing was missed nothing moves, so that a run which is handed over in time ends in time.
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
