import * as fc from 'fast-check';
import {
  bakeSecondsOf,
  countWithin,
  dueAt,
  lacksHosts,
  planGate,
  type PlanningContext,
  plannedCount,
} from './gate-plan.model.js';
import type { CheckKind, CheckSpecification } from './gate-specification.model.js';

const http: CheckKind = {
  type: 'http',
  isWitness: false,
  whenLate: 'missed',
  cadence: () => ({ initialDelaySeconds: 0, intervalSeconds: 15, timeoutSeconds: 5 }),
  isPerHost: () => true,
  hasField: () => true,
  rangeOf: () => null,
  faultsOf: () => [],
};
const witness: CheckKind = {
  ...http,
  type: 'witness',
  isWitness: true,
  cadence: (bake) => ({ initialDelaySeconds: Math.min(60, bake / 2), intervalSeconds: 30, timeoutSeconds: 10 }),
  isPerHost: () => false,
};

const aContext = (overrides: Partial<PlanningContext> = {}): PlanningContext => ({
  service: 'checkout',
  environment: 'production',
  tier: 'production',
  kind: 'deploy',
  release: { digest: `sha256:${'1'.repeat(64)}`, gitSha: 'a'.repeat(40), version: '1.4.2' },
  hosts: [
    { name: 'a', url: 'http://10.0.0.5' },
    { name: 'b', url: 'http://10.0.0.6' },
  ],
  kinds: (type) => [http, witness].find((kind) => kind.type === type),
  promotedMeans: [],
  ...overrides,
});
const aCheck = (overrides: Partial<CheckSpecification> = {}): CheckSpecification => ({
  name: 'ready',
  type: 'http',
  expect: [{ field: 'status', op: 'eq', value: 200 }],
  ...overrides,
});
const planOf = (check: CheckSpecification, context = aContext(), bakeSeconds?: number) =>
  planGate({ bakeSeconds, checks: [check] }, context);

const cadences = fc.record({
  initialDelayMs: fc.integer({ min: 0, max: 100_000 }),
  intervalMs: fc.integer({ min: 1000, max: 60_000 }),
});

describe('the plan of a bake', () => {
  it('bakes as long as the tier asks unless the gate says otherwise', () => {
    const bakes = (['production', 'staging', 'development'] as const).map((tier) =>
      bakeSecondsOf({ checks: [] }, tier),
    );
    expect(bakes).toEqual([600, 180, 30]);
    expect(bakeSecondsOf({ bakeSeconds: 0, checks: [] }, 'production')).toBe(0);
  });

  it('fills in every default of a check', () => {
    expect(planOf(aCheck()).checks[0]).toMatchObject({
      required: true,
      isPerHost: true,
      initialDelayMs: 0,
      intervalMs: 15_000,
      timeoutMs: 5000,
      failAt: { total: 3, consecutive: 2 },
      errorAt: 5,
      minMeasurements: 0.8,
      onNoData: 'hold',
      baseline: null,
    });
  });

  it('never lets a default timeout exceed the interval', () => {
    expect(planOf(aCheck({ intervalSeconds: 1 })).checks[0]).toMatchObject({ timeoutMs: 1000 });
  });

  it('asks for identity 3 times in a row within 120 s, and warms up for 30 s', () => {
    const plan = planGate({ identity: { url: '{host.url}/info', field: '/digest' }, checks: [aCheck()] }, aContext());
    expect(plan).toMatchObject({ identity: { consecutive: 3, withinMs: 120_000 }, warmUpMs: 30_000 });
  });

  it('plans each check per host or once, the end of the bake included', () => {
    const plan = planGate({ checks: [aCheck(), aCheck({ name: 'errors', type: 'witness' })] }, aContext());
    expect(plannedCount(plan, plan.bakeMs)).toBe(2 * 41 + 19);
  });

  it('counts just the due times that are not after the end', () => {
    fc.assert(
      fc.property(
        cadences,
        fc.integer({ min: 0, max: 600_000 }),
        fc.integer({ min: 0, max: 2 ** 41 }),
        (cadence, length, begin) => {
          const count = countWithin(cadence, length);
          const dueTimes = Array.from({ length: count + 1 }, (_, n) => dueAt(cadence, begin, n));
          expect(dueTimes.map((due) => due <= begin + length)).toEqual([...Array(count).fill(true), false]);
        },
      ),
    );
  });

  it('lets a check that cannot fail as often as it may fail by failing every time', () => {
    const once = aCheck({ initialDelaySeconds: 20, failAt: { total: 100 } });
    expect(planOf(once, aContext(), 30).checks[0]?.failAt).toEqual({ total: 1, consecutive: 1 });
    expect(planOf(once, aContext(), 120).checks[0]?.failAt).toEqual({ total: 7, consecutive: 2 });
  });

  it('lets a check that cannot err as often as it may err by erring every time', () => {
    expect(planOf(aCheck(), aContext(), 30).checks[0]?.errorAt).toBe(3);
  });

  it('proves nothing where a host is needed and there is none', () => {
    const none = aContext({ hosts: [] });
    expect(lacksHosts(planOf(aCheck(), none))).toBe(true);
    expect(lacksHosts(planOf(aCheck({ required: false }), none))).toBe(false);
    expect(lacksHosts(planOf(aCheck({ type: 'witness' }), none))).toBe(false);
    expect(
      lacksHosts(planGate({ identity: { url: '', field: '' }, checks: [aCheck({ type: 'witness' })] }, none)),
    ).toBe(true);
  });
});

const rollback = aContext({ kind: 'rollback' });
const requiredInRollback = (checks: CheckSpecification[]) =>
  planGate({ checks }, rollback).checks.map(({ required }) => required);

describe('the plan of a rollback', () => {
  it('has half the bake', () => {
    expect(planOf(aCheck(), rollback).bakeMs).toBe(300_000);
    expect(planOf(aCheck(), aContext({ kind: 'redeploy' })).bakeMs).toBe(600_000);
  });

  it('measures every check at least once, at its end if need be', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 600 }),
        fc.integer({ min: 0, max: 700 }),
        (bakeSeconds, initialDelaySeconds) => {
          const plan = planOf(aCheck({ initialDelaySeconds }), rollback, bakeSeconds);
          expect(plannedCount(plan, plan.bakeMs)).toBeGreaterThanOrEqual(2);
        },
      ),
    );
    const plan = planOf(aCheck({ initialDelaySeconds: 100 }), rollback, 120);
    expect(plan.checks[0]?.initialDelayMs).toBe(60_000);
  });

  it('lets a witness only advise while another check is required', () => {
    const errors = aCheck({ name: 'errors', type: 'witness' });
    expect(requiredInRollback([aCheck(), errors])).toEqual([true, false]);
    expect(requiredInRollback([errors])).toEqual([true]);
    expect(requiredInRollback([aCheck({ required: false }), errors])).toEqual([false, true]);
  });
});

describe('a baseline', () => {
  const check = aCheck({ baseline: { factor: 1.2 } });
  const meanOf = (promotedMeans: PlanningContext['promotedMeans']) =>
    planOf(check, aContext({ promotedMeans })).checks[0]?.baseline;

  it('is the mean of the last 3 promoted runs that measured the check', () => {
    const runs = [{ ready: 10 }, { other: 1 }, { ready: 20 }, { ready: 30 }, { ready: 1000 }];
    expect(meanOf(runs)).toEqual({ op: 'lte', factor: 1.2, runs: 3, mean: 20 });
  });

  it('is not applicable after fewer runs', () => {
    expect(meanOf([{ ready: 10 }, { ready: 20 }])?.mean).toBeNull();
  });
});
