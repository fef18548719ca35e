import * as fc from 'fast-check';
import { MEASUREMENT_OUTCOMES, type MeasurementOutcome } from '../gate-run.model.js';
import { countWithin, type GatePlan, type PlannedCheck } from '../plan/gate-plan.model.js';
import { Tally } from './tally.model.js';
import { judge, judgeEarly, meansOf, type Series } from './verdict.model.js';

const aCheck = (overrides: Partial<PlannedCheck> = {}): PlannedCheck => ({
  name: 'ready',
  type: 'http',
  required: true,
  isPerHost: true,
  initialDelayMs: 0,
  intervalMs: 1000,
  timeoutMs: 1000,
  expect: [{ field: 'status', op: 'eq', value: 200 }],
  failAt: { total: 3, consecutive: 2 },
  errorAt: 5,
  minMeasurements: 0.8,
  onNoData: 'hold',
  baseline: null,
  specification: { name: 'ready', type: 'http' },
  ...overrides,
});
/** Ten measurements are planned of each check. */
const aPlan = (...checks: PlannedCheck[]): GatePlan => ({
  service: 'checkout',
  environment: 'production',
  release: { digest: 'sha256:1', gitSha: 'a', version: '1' },
  hosts: [{ name: 'a', url: 'http://a' }],
  identity: null,
  warmUpMs: 0,
  bakeMs: 9000,
  checks,
});
const LETTERS: Record<string, MeasurementOutcome> = { p: 'pass', f: 'fail', e: 'error', o: 'no_data', m: 'missed' };
const seriesOf = (check: PlannedCheck, letters: string, { host = 'a', value = 10 } = {}): Series => {
  const tally = new Tally(check.onNoData);
  [...letters].forEach((letter, n) => tally.add({ n, outcome: LETTERS[letter] ?? 'missed', value, detail: 'why' }));
  return { check, host, tally };
};
const verdictOf = (letters: string, overrides: Partial<PlannedCheck> = {}) => {
  const check = aCheck(overrides);
  const { verdict, reasons } = judge(aPlan(check), [seriesOf(check, letters)]);
  return `${verdict} ${reasons.map(({ code }) => code).join()}`;
};

const judged = (overrides: Partial<PlannedCheck>, values: number[]) => {
  const check = aCheck(overrides);
  const series = values.map((value, index) => seriesOf(check, 'pppppppppp', { host: `h${index}`, value }));
  return judge(aPlan(check), series);
};

describe('the verdict', () => {
  it.each([
    ['promotes when all passed', 'pppppppppp', 'promote all-checks-passed'],
    ['promotes with fewer failures than fail', 'fpppfppppp', 'promote all-checks-passed'],
    ['rejects at the failure in total that triggers', 'fpfpfppppp', 'rollback check-failed'],
    ['rejects at the failure in a row that triggers', 'ffpppppppp', 'rollback check-failed'],
    ['holds after too many errors in a row', 'eeeeeppppp', 'hold check-error'],
    ['promotes on enough evidence beside a few errors', 'eppppppppe', 'promote all-checks-passed'],
    ['holds on too little evidence beside errors', 'epeppppppe', 'hold no-evidence'],
    ['holds for want of measurements', 'mmmppppppp', 'hold no-evidence'],
    ['holds without data', 'oooooooooo', 'hold no-evidence'],
    ['rejects rather than holds', 'ffmmmmmmmm', 'rollback check-failed'],
  ])('%s', (_rule, letters, expected) => {
    expect(verdictOf(letters)).toBe(expected);
  });

  it('takes no data for what the check says', () => {
    expect(verdictOf('oooooooooo', { onNoData: 'pass' })).toBe('promote all-checks-passed');
    expect(verdictOf('oooooooooo', { onNoData: 'fail' })).toBe('rollback check-failed');
  });

  it('asks for evidence even if a gate asks for none', () => {
    expect(verdictOf('mmmmmmmmmm', { minMeasurements: 0 })).toBe('hold no-evidence');
  });

  it('names check, host and the last failure', () => {
    const check = aCheck();
    expect(judgeEarly([seriesOf(check, 'ff')])).toEqual({
      verdict: 'rollback',
      reasons: [
        {
          code: 'check-failed',
          check: 'ready',
          host: 'a',
          detail: '2 of 2 measurements failed, 2 of them in a row; the last: why',
        },
      ],
    });
  });

  it('comes early only for a required check', () => {
    expect(judgeEarly([seriesOf(aCheck({ required: false }), 'ff')])).toBeNull();
    expect(judgeEarly([seriesOf(aCheck(), 'fp')])).toBeNull();
  });

  it('does not count checks that only advise', () => {
    const [ready, advisory] = [aCheck(), aCheck({ name: 'slow', required: false })];
    const { verdict } = judge(aPlan(ready, advisory), [
      seriesOf(ready, 'pppppppppp'),
      seriesOf(advisory, 'ffffffffff'),
    ]);
    expect(verdict).toBe('promote');
  });

  it('lets no host hide behind another', () => {
    const check = aCheck();
    const { verdict, reasons } = judge(aPlan(check), [
      seriesOf(check, 'pppppppppp'),
      seriesOf(check, 'mmmmmppppp', { host: 'b' }),
    ]);
    expect([verdict, reasons[0]?.host]).toEqual(['hold', 'b']);
  });

  it('promotes only if every required check has its evidence on every host', () => {
    const letters = fc.array(fc.constantFrom(...MEASUREMENT_OUTCOMES), { maxLength: 10 });
    fc.assert(
      fc.property(
        fc.array(letters, { maxLength: 4 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (all, minMeasurements) => {
          const check = aCheck({ minMeasurements });
          const series = all.map((outcomes, host) => {
            const tally = new Tally('hold');
            outcomes.forEach((outcome, n) => tally.add({ n, outcome, value: 1, detail: null }));
            return { check, host: `h${host}`, tally };
          });
          const { verdict } = judge(aPlan(check), series);
          const proved = all.every((outcomes) => {
            const evidence = outcomes.filter((outcome) => outcome === 'pass' || outcome === 'fail').length;
            return evidence >= Math.max(1, minMeasurements * countWithin(check, 9000) - 1e-6);
          });
          expect(verdict !== 'promote' || (proved && all.length > 0)).toBe(true);
        },
      ),
    );
  });
});

describe('a baseline', () => {
  const baseline = { op: 'lte', factor: 1.2, runs: 3, mean: 10 } as const;
  it('compares infinities as they are, and holds where those of both signs have no mean', () => {
    expect(judged({ baseline }, [Infinity]).verdict).toBe('rollback');
    expect(judged({ baseline }, [-Infinity]).verdict).toBe('promote');
    expect(judged({ baseline }, [Infinity, -Infinity])).toMatchObject({
      verdict: 'hold',
      reasons: [{ code: 'no-evidence', detail: expect.stringContaining('no mean') }],
    });
  });

  it('holds while the mean of all hosts does not exceed factor × baseline', () => {
    expect(judged({ baseline }, [11, 13]).verdict).toBe('promote');
  });

  it('rejects a run whose mean is beyond it, at the end', () => {
    const { verdict, reasons } = judged({ baseline }, [12, 12.5]);
    expect([verdict, reasons[0]?.code, reasons[0]?.host]).toEqual(['rollback', 'check-failed', undefined]);
  });

  it('leaves it to the other conditions where there are too few runs to compare with', () => {
    expect(judged({ baseline: { ...baseline, mean: null } }, [1000]).verdict).toBe('promote');
  });

  it.each([
    ['hold', 'hold'],
    ['pass', 'promote'],
    ['fail', 'rollback'],
  ] as const)('counts as no data with too few runs and no other conditions: %s', (onNoData, verdict) => {
    expect(judged({ baseline: { ...baseline, mean: null }, expect: [], onNoData }, [1000]).verdict).toBe(verdict);
  });

  it('is made of the means of the runs, over all hosts', () => {
    const [ready, gone] = [aCheck(), aCheck({ name: 'gone' })];
    const series = [
      seriesOf(ready, 'pf', { value: 10 }),
      seriesOf(ready, 'pe', { host: 'b', value: 40 }),
      seriesOf(gone, 'mm'),
    ];
    expect(meansOf(aPlan(ready, gone), series)).toEqual({ ready: 20 });
  });
});
