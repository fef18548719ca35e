import * as fc from 'fast-check';
import type { GatePlan } from './gate-plan.model.js';
import { deadlineOf, type GateTimes, timesAfterGap, timesAtBake, timesAtOpening } from './gate-times.model.js';

const aPlan = (overrides: Partial<GatePlan> = {}): GatePlan => ({
  service: 'checkout',
  environment: 'production',
  release: { digest: 'sha256:1', gitSha: 'a', version: '1' },
  hosts: [],
  identity: { url: '', field: '', consecutive: 3, withinMs: 120_000 },
  warmUpMs: 30_000,
  bakeMs: 600_000,
  checks: [],
  ...overrides,
});
const plan = aPlan();
const identifying = timesAtOpening(plan, 0);
const baking = timesAtBake(identifying, plan, 10_000);

describe('the times of a gate run', () => {
  it('give identity its time, and the bake its own after that', () => {
    expect([identifying.identityEndsAtMs, deadlineOf(identifying, plan)]).toEqual([120_000, 720_000]);
  });

  it('begin the bake the moment identity is established', () => {
    expect([baking.bakeBeginsAtMs, baking.bakeEndsAtMs, deadlineOf(baking, plan)]).toEqual([10_000, 610_000, 610_000]);
  });

  it('begin the bake after the warm-up where the gate has no identity', () => {
    const warm = aPlan({ identity: null });
    const times = timesAtOpening(warm, 0);
    expect([times.bakeBeginsAtMs, deadlineOf(times, warm)]).toEqual([30_000, 630_000]);
  });

  it('move by a gap in which something was missed, and not by one in which nothing was', () => {
    expect(timesAfterGap(baking, plan, 60_000, true)).toEqual({ ...baking, bakeEndsAtMs: 670_000, movedMs: 60_000 });
    expect(timesAfterGap(baking, plan, 60_000, false)).toBe(baking);
  });

  it('give identity back the time in which nobody probed', () => {
    expect(timesAfterGap(identifying, plan, 60_000, false).identityEndsAtMs).toBe(180_000);
    expect(timesAfterGap(identifying, plan, 1_999, false)).toBe(identifying);
  });

  it('never move the begin, nor the end by more than one bake altogether', () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 1_000_000 }));
    fc.assert(
      fc.property(fc.constantFrom(identifying, baking), gaps, (start, all) => {
        const end = all.reduce<GateTimes>((times, gap) => timesAfterGap(times, plan, gap, true), start);
        expect(end.bakeBeginsAtMs).toBe(start.bakeBeginsAtMs);
        expect(end.movedMs).toBeLessThanOrEqual(plan.bakeMs);
        expect(deadlineOf(end, plan)).toBe(deadlineOf(start, plan) + end.movedMs);
      }),
    );
  });
});
