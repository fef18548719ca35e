import * as fc from 'fast-check';
import {
  type FreezeTimes,
  HORIZON_MS,
  nextOpen,
  occurrenceAt,
  occurrences,
  WEEKDAYS,
  type WeeklyWindow,
} from './freeze.model.js';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

const weekly = (window: Partial<WeeklyWindow> = {}): FreezeTimes => ({
  from: null,
  to: null,
  weekly: { days: ['fri'], from: '16:00', to: '23:59', timeZone: 'Europe/Berlin', ...window },
});
const once = (from: string, to: string): FreezeTimes => ({ from: new Date(from), to: new Date(to), weekly: null });

function between(times: FreezeTimes, from: string, to: string): string[][] {
  const spans = occurrences(times, { from: Date.parse(from), to: Date.parse(to) });
  return [...spans].map((span) => [span.from, span.to].map((at) => new Date(at).toISOString().slice(0, 16)));
}

describe('a weekly freeze', () => {
  it('keeps its hours by the clocks of its zone, in summer and in winter', () => {
    expect(between(weekly(), '2026-10-19T00:00Z', '2026-11-01T00:00Z')).toEqual([
      ['2026-10-23T14:00', '2026-10-23T21:59'],
      ['2026-10-30T15:00', '2026-10-30T22:59'],
    ]);
  });

  it('goes on until the next day if it ends at or before the time of its begin', () => {
    const night = weekly({ from: '22:00', to: '06:00' });
    expect(between(night, '2026-06-06T00:00Z', '2026-06-06T01:00Z')).toEqual([
      ['2026-06-05T20:00', '2026-06-06T04:00'],
    ]);
    const wholeDay = weekly({ from: '00:00', to: '00:00', timeZone: 'UTC' });
    expect(between(wholeDay, '2026-06-01T00:00Z', '2026-06-07T00:00Z')).toEqual([
      ['2026-06-05T00:00', '2026-06-06T00:00'],
    ]);
  });

  it.each([
    ['lose an hour', '2026-03-29', { from: '01:00', to: '05:00' }, ['2026-03-29T00:00', '2026-03-29T03:00']],
    ['leap over its begin', '2026-03-29', { from: '02:30', to: '03:15' }, ['2026-03-29T01:00', '2026-03-29T01:15']],
    ['leap over its end', '2026-03-29', { from: '01:30', to: '02:30' }, ['2026-03-29T00:30', '2026-03-29T01:00']],
    ['show an hour twice', '2026-10-25', { from: '01:00', to: '05:00' }, ['2026-10-24T23:00', '2026-10-25T04:00']],
    ['show its begin twice', '2026-10-25', { from: '02:30', to: '03:15' }, ['2026-10-25T00:30', '2026-10-25T02:15']],
    ['show its end twice', '2026-10-25', { from: '01:30', to: '02:30' }, ['2026-10-24T23:30', '2026-10-25T01:30']],
  ])('holds from the first to the last moment that is in it, when the clocks %s', (_what, day, hours, expected) => {
    const sunday = weekly({ days: ['sun'], ...hours });
    expect(between(sunday, `${day}T00:00Z`, `${day}T12:00Z`)).toEqual([expected]);
  });

  it('does not hold on a day on which the clocks leap over all of it', () => {
    const leapt = weekly({ days: ['sun'], from: '02:15', to: '02:45' });
    expect(between(leapt, '2026-03-28T12:00Z', '2026-03-29T12:00Z')).toEqual([]);
  });
});

describe('an occurrence', () => {
  it('has its begin and has not its end', () => {
    const window = once('2026-12-24T00:00Z', '2026-12-27T00:00Z');
    const holds = (at: string) => occurrenceAt(window, Date.parse(at)) !== null;
    expect(holds('2026-12-23T23:59:59.999Z')).toBe(false);
    expect(holds('2026-12-24T00:00:00.000Z')).toBe(true);
    expect(holds('2026-12-26T23:59:59.999Z')).toBe(true);
    expect(holds('2026-12-27T00:00:00.000Z')).toBe(false);
  });
});

function openAfter(freezes: FreezeTimes[], at: string): string | null {
  const open = nextOpen(freezes, Date.parse(at));
  return open === null ? null : new Date(open).toISOString().slice(0, 16);
}

describe('the next open instant', () => {
  it('is behind everything that touches or overlaps', () => {
    const days = [...WEEKDAYS].filter((day) => day !== 'wed');
    const nights = weekly({ days, from: '00:00', to: '00:00', timeZone: 'UTC' });
    const touching = once('2026-06-03T00:00Z', '2026-06-03T08:00Z');
    expect(openAfter([nights], '2026-06-01T12:00Z')).toBe('2026-06-03T00:00');
    expect(openAfter([touching, nights], '2026-06-01T12:00Z')).toBe('2026-06-03T08:00');
    expect(openAfter([nights, touching], '2026-06-01T12:00Z')).toBe('2026-06-03T08:00');
  });

  it('is told up to 90 days ahead', () => {
    const at = Date.parse('2026-01-01T00:00Z');
    const until = (ms: number): FreezeTimes => ({ from: new Date(at), to: new Date(at + ms), weekly: null });
    expect(nextOpen([until(HORIZON_MS)], at)).toBe(at + HORIZON_MS);
    expect(nextOpen([until(HORIZON_MS + 1)], at)).toBeNull();
    expect(openAfter([weekly({ days: [...WEEKDAYS], from: '07:00', to: '07:00' })], '2026-01-01T00:00Z')).toBeNull();
  });
});

/** Zones whose clocks change at midnight, by half an hour, at 00:01, against the summer, by a whole day; and none. */
const zones = [
  'Europe/Berlin',
  'America/New_York',
  'America/Havana',
  'America/St_Johns',
  'Asia/Beirut',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'Africa/Casablanca',
  'Pacific/Apia',
  'UTC',
];
const minutes = fc.integer({ min: 0, max: 24 * 60 - 1 });
const asTime = (minute: number) =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
const anyWindow = fc.record({
  days: fc.uniqueArray(fc.constantFrom(...WEEKDAYS), { minLength: 1 }),
  from: fc.oneof(minutes, fc.constant(0), fc.constant(150)).map(asTime),
  to: fc.oneof(minutes, fc.constant(0), fc.constant(150)).map(asTime),
  timeZone: fc.constantFrom(...zones),
});
const year2005 = Date.UTC(2005, 0);
const anyInstant = fc.integer({ min: 0, max: 30 * 366 * 24 * 60 }).map((minute) => year2005 + minute * MINUTE_MS);

/** An instant within two days of a change of the clocks, where the zone has one. */
function nearAChange(timeZone: string, at: number, offsetMinutes: number): number {
  const zoned = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone);
  return (zoned.getTimeZoneTransition('next') ?? zoned).epochMilliseconds + offsetMinutes * MINUTE_MS;
}

/** What the clocks show, read with Intl and not with what is tested: the day of the week, and the minute of the day. */
function clocksAt(timeZone: string, at: number): { day: number; minute: number } {
  const options = { timeZone, weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  const parts = new Intl.DateTimeFormat('en', options).formatToParts(at);
  const part = (type: string) => parts.find((each) => each.type === type)?.value ?? '';
  const day = WEEKDAYS.indexOf(part('weekday').toLowerCase() as (typeof WEEKDAYS)[number]);
  return { day, minute: Number(part('hour')) * 60 + Number(part('minute')) };
}

const minuteOf = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

function showsATimeWithin({ days, from, to, timeZone }: WeeklyWindow, at: number): boolean {
  const { day, minute } = clocksAt(timeZone, at);
  const [begin, end] = [minuteOf(from), minuteOf(to)];
  const isOf = (index: number) => days.includes(WEEKDAYS[(index + 7) % 7]!);
  if (begin < end) return isOf(day) && minute >= begin && minute < end;
  return (isOf(day) && minute >= begin) || (isOf(day - 1) && minute < end);
}

const nominalMs = ({ from, to }: WeeklyWindow) =>
  ((minuteOf(to) - minuteOf(from) + 24 * 60 - 1) % (24 * 60)) * MINUTE_MS + MINUTE_MS;

describe('in every zone', () => {
  const near = fc.tuple(anyWindow, anyInstant, fc.integer({ min: -2 * 24 * 60, max: 2 * 24 * 60 }));

  it('a freeze holds whenever the clocks show a time within, and else only where they are put back in it', () => {
    fc.assert(
      fc.property(near, fc.boolean(), ([window, instant, offset], isNear) => {
        const at = isNear ? nearAChange(window.timeZone, instant, offset) : instant;
        const span = occurrenceAt(weekly(window), at);
        const isLonger = span !== null && span.to - span.from > nominalMs(window);
        expect(showsATimeWithin(window, at) ? span !== null : span === null || isLonger).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('occurrences come in order, one a day that is named at most, and a range has what its parts have', () => {
    fc.assert(
      fc.property(near, fc.nat({ max: 30 }), fc.nat({ max: 30 }), ([window, instant, offset], days, more) => {
        const from = nearAChange(window.timeZone, instant, offset);
        const [middle, to] = [from + days * DAY_MS + 1, from + (days + more) * DAY_MS + 2];
        const all = [...occurrences(weekly(window), { from, to })];
        const first = [...occurrences(weekly(window), { from, to: middle })];
        const second = [...occurrences(weekly(window), { from: middle, to })];
        const begins = new Set([...first, ...second].map((span) => span.from));
        expect(all.map((span) => span.from)).toEqual([...begins]);
        expect(all.length).toBeLessThanOrEqual(Math.ceil(((days + more + 3) / 7) * window.days.length) + 7);
      }),
      { numRuns: 300 },
    );
  });

  it('nothing holds at the next open instant, and something holds at every one before it', () => {
    const window = fc.tuple(fc.nat({ max: 10_000 }), fc.integer({ min: 1, max: 5000 }));
    const input = fc.tuple(anyInstant, fc.array(anyWindow, { maxLength: 4 }), fc.array(window, { maxLength: 4 }));
    fc.assert(
      fc.property(input, fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 20 }), (given, shares) => {
        const [at, weeklies, windows] = given;
        const freezes = [
          ...weeklies.map(weekly),
          ...windows.map(([begin, length]): FreezeTimes => {
            const from = at + (begin - 5000) * MINUTE_MS;
            return { from: new Date(from), to: new Date(from + length * MINUTE_MS), weekly: null };
          }),
        ];
        const holds = (instant: number) => freezes.some((times) => occurrenceAt(times, instant) !== null);
        const open = nextOpen(freezes, at);
        const end = open ?? at + HORIZON_MS + 1;
        const before = [...shares, 1].map((share) => Math.max(at, Math.floor(at + share * (end - 1 - at))));
        expect(open !== null && holds(open)).toBe(false);
        expect(before.filter((instant) => instant < end && !holds(instant))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
