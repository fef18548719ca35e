import * as fc from 'fast-check';
import { type AlertTimes, areSame, begin, belongsTo, type IncidentTimes, join, statusOf } from './incident.model.js';

const MINUTE_MS = 60_000;

/** A time in whole minutes of the test's own day, with fractions. */
const at = (minute: number): Date => new Date(Date.UTC(2026, 0, 5) + minute * MINUTE_MS);
const alert = (startsAt: number, endsAt: number | null = null): AlertTimes => ({
  startsAt: at(startsAt),
  endsAt: endsAt === null ? null : at(endsAt),
});

/** What is known of one fingerprint after these alerts. */
function told(alerts: readonly AlertTimes[]): IncidentTimes[] {
  const incidents: IncidentTimes[] = [];
  for (const each of alerts) {
    const index = incidents.findIndex((incident) => belongsTo(each, incident));
    const known = incidents[index];
    if (known) incidents[index] = join(each, known);
    else incidents.push(begin(each));
  }
  return incidents.sort((one, other) => one.startsAt.getTime() - other.startsAt.getTime());
}

const FIVE_MINUTES = 5;

describe('an incident', () => {
  it.each([
    ['5 min after its end', 15, 1],
    ['a millisecond later than 5 min after its end', 15 + 1 / MINUTE_MS, 2],
  ])('that fires again %s', (_when, again, count) => {
    expect(told([alert(0), alert(0, 10), alert(again)])).toHaveLength(count);
  });

  it('keeps its first start when it is reopened, and ends with the newest alert', () => {
    const [reopened] = told([alert(0), alert(0, 10), alert(12)]);
    expect(reopened).toEqual({ startsAt: at(0), latestStartsAt: at(12), endsAt: null, reopenedAt: at(12) });
    expect(told([alert(0), alert(0, 10), alert(12), alert(12, 20)])).toMatchObject([
      { startsAt: at(0), endsAt: at(20), reopenedAt: at(12) },
    ]);
  });

  it('stays resolved whatever is told late of the same start', () => {
    const [incident] = told([alert(0, 10), alert(0)]);
    expect(incident && statusOf(incident)).toBe('resolved');
  });

  it('keeps firing when the end of an earlier alert is told late', () => {
    expect(told([alert(0), alert(0, 10), alert(12), alert(0, 10)])).toMatchObject([{ endsAt: null }]);
  });

  it('is one for two Prometheus servers that saw the same alert begin at different times', () => {
    expect(told([alert(1), alert(0), alert(0, 10), alert(1, 10)])).toMatchObject([{ startsAt: at(0), endsAt: at(10) }]);
  });

  it('is the same whatever order its alerts come in, and however often each comes', () => {
    const pause = fc.double({ min: 0.01, max: FIVE_MINUTES, noNaN: true });
    const messages = fc.tuple(pause, fc.boolean()).chain(([between, isOver]) => {
      const [first, second] = [alert(0), alert(10 + between)];
      const all = [first, alert(0, 10), second, ...(isOver ? [alert(10 + between, 30)] : [])];
      const repeated = fc.array(fc.constantFrom(...all), { maxLength: 6 });
      return repeated.chain((more) => fc.shuffledSubarray([...all, ...more], { minLength: all.length + more.length }));
    });
    fc.assert(
      fc.property(messages, (shuffled) => {
        const inOrder = [...shuffled].sort((one, other) => one.startsAt.getTime() - other.startsAt.getTime());
        const last = inOrder.findLast(({ endsAt }) => endsAt !== null && endsAt >= at(30));
        const newest = inOrder.at(-1)?.startsAt ?? null;
        expect(told(shuffled)).toEqual([
          { startsAt: at(0), latestStartsAt: newest, endsAt: last?.endsAt ?? null, reopenedAt: newest },
        ]);
      }),
    );
  });

  it('does not change by what is already known', () => {
    const [known] = told([alert(0), alert(0, 10), alert(12)]);
    for (const again of [alert(0), alert(0, 10), alert(12)]) expect(areSame(join(again, known!), known!)).toBe(true);
  });
});
