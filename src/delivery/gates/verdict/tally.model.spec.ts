import * as fc from 'fast-check';
import { MEASUREMENT_OUTCOMES, type MeasurementOutcome } from '../gate-run.model.js';
import { Tally, type TalliedMeasurement } from './tally.model.js';

const OUTCOMES: Record<string, MeasurementOutcome> = { p: 'pass', f: 'fail', e: 'error', o: 'no_data', m: 'missed' };

/** A row of measurements, a letter each: pass, fail, error, no data (o), missed; a dot is not known yet. */
const row = (letters: string): TalliedMeasurement[] =>
  [...letters].flatMap((letter, n) => {
    const outcome = OUTCOMES[letter];
    return outcome ? [{ n, outcome, value: n, detail: `${letter}${n}` }] : [];
  });

function tallied(measurements: readonly TalliedMeasurement[], onNoData: 'hold' | 'pass' | 'fail' = 'hold'): Tally {
  const tally = new Tally(onNoData);
  for (const measurement of measurements) tally.add(measurement);
  return tally;
}

const pick = ({ failures, failuresInARow, errorsInARow }: Tally) => ({ failures, failuresInARow, errorsInARow });

/** The longest row, read off the letters of a whole bake: what is `skipped` neither continues nor ends one. */
const longestRow = (outcomes: readonly MeasurementOutcome[], counted: string, skipped: readonly string[]): number =>
  Math.max(
    0,
    ...outcomes
      .filter((outcome) => !skipped.includes(outcome))
      .map((_, at, rest) => rest.slice(at).findIndex((outcome) => outcome !== counted))
      .map((length, at, lengths) => (length < 0 ? lengths.length - at : length)),
  );

const rows = fc
  .array(fc.constantFrom(...MEASUREMENT_OUTCOMES), { maxLength: 150 })
  .map((outcomes) => outcomes.map((outcome, n) => ({ n, outcome, value: n, detail: `${n}` })));

const shuffledRows = rows.chain((measurements) =>
  fc.record({
    measurements: fc.constant(measurements),
    shuffled: fc.shuffledSubarray(measurements, { minLength: measurements.length }),
  }),
);

describe('a tally', () => {
  it.each([
    ['pfpf', 1],
    ['pffp', 2],
    ['fpfff', 3],
    ['fefmfof', 4],
    ['f.f', 1],
    ['', 0],
  ])('of %s has %i failures in a row: what says nothing of the service does not end a row', (letters, expected) => {
    expect(tallied(row(letters)).failuresInARow).toBe(expected);
  });

  it.each([
    ['eepee', 2],
    ['eemee', 4],
    ['eeoee', 2],
    ['eefee', 2],
  ])('of %s has %i errors in a row: any answer of the witness ends a row', (letters, expected) => {
    expect(tallied(row(letters)).errorsInARow).toBe(expected);
  });

  it('counts as evidence what says something of the service', () => {
    expect(tallied(row('pfpeom'))).toMatchObject({
      total: 6,
      evidence: 3,
      failures: 1,
      errors: 1,
      noData: 1,
      missed: 1,
    });
  });

  it('counts no data as what the check takes it for', () => {
    expect(tallied(row('oo'), 'pass')).toMatchObject({ evidence: 2, failures: 0, noData: 0 });
    expect(tallied(row('oo'), 'fail')).toMatchObject({ evidence: 2, failures: 2, failuresInARow: 2 });
  });

  it('keeps what the last failure was about, and of errors only while nothing failed', () => {
    expect(tallied(row('fpfpe')).lastDetail).toBe('f2');
    expect(tallied(row('epe')).lastDetail).toBe('e2');
  });

  it('counts a measurement once', () => {
    expect(tallied([...row('ff'), ...row('ff')])).toMatchObject({ total: 2, failures: 2, failuresInARow: 2 });
  });

  it('comes out the same in whatever order its measurements were written', () => {
    fc.assert(
      fc.property(shuffledRows, ({ measurements, shuffled }) => {
        expect(tallied(shuffled)).toEqual(tallied(measurements));
      }),
    );
  });

  it('has the rows that one reads off the whole bake, in whatever order it was written', () => {
    fc.assert(
      fc.property(shuffledRows, ({ measurements, shuffled }) => {
        const outcomes = measurements.map(({ outcome }) => outcome);
        const tally = tallied(shuffled);
        expect(tally.failuresInARow).toBe(longestRow(outcomes, 'fail', ['error', 'no_data', 'missed']));
        expect(tally.errorsInARow).toBe(longestRow(outcomes, 'error', ['missed']));
      }),
    );
  });

  it('takes no longer for a measurement because the row before it is long', () => {
    const tally = new Tally('hold');
    for (let n = 0; n < 400_000; n += 1) tally.add({ n, outcome: 'error', value: null, detail: null });
    expect(tally.errorsInARow).toBe(400_000);
  });

  it('never takes back on more knowledge what it has counted', () => {
    fc.assert(
      fc.property(shuffledRows, ({ shuffled }) => {
        const tally = new Tally('hold');
        let before = pick(tally);
        for (const measurement of shuffled) {
          tally.add(measurement);
          expect(tally.failures).toBeGreaterThanOrEqual(before.failures);
          expect(tally.failuresInARow).toBeGreaterThanOrEqual(before.failuresInARow);
          expect(tally.errorsInARow).toBeGreaterThanOrEqual(before.errorsInARow);
          before = pick(tally);
        }
      }),
    );
  });
});
