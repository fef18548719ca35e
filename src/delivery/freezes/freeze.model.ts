export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

export type Weekday = (typeof WEEKDAYS)[number];

/** The same hours each week, by the clocks of a time zone. `to` is exclusive; at or before `from` it means the next day. */
export interface WeeklyWindow {
  readonly days: readonly Weekday[];
  /** `HH:MM` */
  readonly from: string;
  readonly to: string;
  /** A name of the IANA time zone database. */
  readonly timeZone: string;
}

/** When a freeze holds: once, or each week. */
export type FreezeTimes =
  | { readonly from: Date; readonly to: Date; readonly weekly: null }
  | { readonly from: null; readonly to: null; readonly weekly: WeeklyWindow };

/** Half-open, in ms since 1970. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

const DAY_MS = 24 * 60 * 60_000;

/** Who is frozen for longer is not told until when. */
export const HORIZON_MS = 90 * DAY_MS;

/**
 * When the freeze holds within the range, in order and whole: those that begin before it, or end after it, too. Only
 * those that are taken are worked out.
 */
export function* occurrences(times: FreezeTimes, range: Span): Generator<Span> {
  const all = times.weekly === null ? [spanOf(times.from, times.to)] : weeklySpans(times.weekly, range);
  for (const span of all) if (span.from < range.to && span.to > range.from) yield span;
}

/** The occurrence under way, or null. */
export function occurrenceAt(times: FreezeTimes, at: number): Span | null {
  const [span] = occurrences(times, { from: at, to: at + 1 });
  return span ?? null;
}

/** The first instant, from `at` on, at which none of the freezes holds; null if that is more than 90 days away. */
export function nextOpen(freezes: readonly FreezeTimes[], at: number): number | null {
  const end = at + HORIZON_MS;
  const queues = freezes.map((times) => new Occurrences(occurrences(times, { from: at, to: end + 1 })));
  let open = at;
  for (let before = -1; before < open && open <= end;) {
    before = open;
    for (const queue of queues) open = queue.passing(open);
  }
  return open <= end ? open : null;
}

/** Occurrences in order, of which only as many are worked out as are looked at. */
class Occurrences {
  private next: Span | undefined;

  constructor(private readonly spans: Iterator<Span>) {
    this.next = this.spans.next().value;
  }

  /** The end of what holds at this instant, or the instant itself if nothing does. Instants must not go back. */
  passing(at: number): number {
    let open = at;
    while (this.next && this.next.from <= open) {
      open = Math.max(open, this.next.to);
      this.next = this.spans.next().value;
    }
    return open;
  }
}

function spanOf(from: Date, to: Date): Span {
  return { from: from.getTime(), to: to.getTime() };
}

function* weeklySpans({ days, from, to, timeZone }: WeeklyWindow, range: Span): Generator<Span> {
  const [begin, end] = [msOf(from), msOf(to)];
  const endsAfterMs = end <= begin ? end + DAY_MS : end;
  const named = new Set(days.map((day) => WEEKDAYS.indexOf(day)));
  const clocks = new Clocks(timeZone);
  // The day before the last one may reach into the range, and clocks that go back at midnight see a day again.
  const lastDay = clocks.dayAt(range.to);
  for (let day = clocks.dayAt(range.from) - 2; day <= lastDay; day += 1) {
    if (!named.has(weekdayOf(day))) continue;
    const first = clocks.instantOf(day * DAY_MS + begin, 'earlier');
    const last = clocks.instantOf(day * DAY_MS + endsAfterMs, 'later');
    if (first < last) yield { from: first, to: last };
  }
}

/** Since midnight. */
function msOf(time: string): number {
  const [hours, minutes] = time.split(':');
  return (Number(hours) * 60 + Number(minutes)) * 60_000;
}

/** Day 0, 1970-01-01, was a Thursday. */
function weekdayOf(day: number): number {
  return (((day + 3) % 7) + 7) % 7;
}

/** No clocks change by more than a day. */
const MARGIN_MS = 2 * DAY_MS;

/**
 * The clocks of a zone. What they show is given as if it were UTC, in ms since 1970. Far from any change it is worked out
 * by their distance from UTC: Temporal takes fifty times as long.
 */
class Clocks {
  /** Between two changes. */
  private calm: Span & { readonly offset: number } = { from: 0, to: 0, offset: 0 };

  constructor(private readonly timeZone: string) {}

  /** The number of the day that they show. */
  dayAt(instant: number): number {
    return Math.floor((instant + this.calmAround(instant).offset) / DAY_MS);
  }

  /**
   * When they show this time. Where they show it twice, the instant that is asked for; where they leap over it, the
   * instant of the leap. So whenever they show a time within a window, it is frozen.
   */
  instantOf(shown: number, which: 'earlier' | 'later'): number {
    const { from, to, offset } = this.calmAround(shown - this.calm.offset);
    const instant = shown - offset;
    return instant > from + MARGIN_MS && instant < to - MARGIN_MS ? instant : this.nearAChange(shown, which);
  }

  private nearAChange(shown: number, which: 'earlier' | 'later'): number {
    const time = zonedAt(shown, 'UTC').toPlainDateTime();
    const zoned = time.toZonedDateTime(this.timeZone, { disambiguation: which });
    if (zoned.toPlainDateTime().equals(time)) return zoned.epochMilliseconds;
    const leap = time.toZonedDateTime(this.timeZone, { disambiguation: 'earlier' }).getTimeZoneTransition('next');
    return (leap ?? zoned).epochMilliseconds;
  }

  private calmAround(instant: number): typeof this.calm {
    if (instant >= this.calm.from && instant < this.calm.to) return this.calm;
    // A change at this very instant is one before it.
    const zoned = zonedAt(instant + 1, this.timeZone);
    const from = zoned.getTimeZoneTransition('previous')?.epochMilliseconds ?? -Infinity;
    const to = zoned.getTimeZoneTransition('next')?.epochMilliseconds ?? Infinity;
    return (this.calm = { from, to, offset: zoned.offsetNanoseconds / 1e6 });
  }
}

function zonedAt(instant: number, timeZone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(timeZone);
}
