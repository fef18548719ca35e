/** Before the fault and after it; what is only nearly one; and the fault. */
export type Phase = 'healthy' | 'edge' | 'fault';

export interface Moment {
  readonly seconds: number;
  readonly phase: Phase;
}

/** A value for each moment; null is none. */
export type Values = (moments: readonly Moment[]) => Array<number | null>;

/** What is true of one alert; each sentence becomes a test of promtool. */
export interface AlertTest {
  readonly alert: string;
  /** Goes on "fires when". That the alert waits for its `for`, and ends soon after, is tested with it. */
  readonly fires?: string;
  /** Goes on "stays silent while". */
  readonly silent?: string;
  /** What Prometheus knows, by selector. */
  readonly series: Readonly<Record<string, Values>>;
  /** Of the alert that fires, but name and severity. */
  readonly labels?: Readonly<Record<string, string>>;
  /** What people are told, as they read it. */
  readonly summary?: string;
  readonly description?: string;
  /** Where no series is there; otherwise the alert is to be silent then. */
  readonly firesWithout?: boolean;
  /** Durations; derived from the alert's own where they are not given. */
  readonly step?: string;
  /** How often rules are evaluated; with each sample if it is not given. Of the first test of the alert. */
  readonly evaluate?: string;
  readonly before?: string;
  readonly during?: string;
  readonly after?: string;
}

type ByPhase = Readonly<Record<Phase, number | null>>;

export function gauge(healthy: number | null, edge: number | null, fault: number | null): Values {
  const values: ByPhase = { healthy, edge, fault };
  return (moments) => moments.map(({ phase }) => values[phase]);
}

export const always = (value: number): Values => gauge(value, value, value);

/** Counts by so many a second. */
export function counter(healthy: number, edge: number, fault: number): Values {
  const rates = { healthy, edge, fault };
  return (moments) => {
    let [value, last] = [0, 0];
    return moments.map(({ seconds, phase }) => {
      value += rates[phase] * (seconds - last);
      last = seconds;
      return Number(value.toFixed(6));
    });
  };
}

/** A time that is so many seconds ago; one to come is negative. */
export function ago(healthy: number, edge: number, fault: number): Values {
  const ages = { healthy, edge, fault };
  return (moments) => moments.map(({ seconds, phase }) => seconds - ages[phase]);
}

/** When a process began that begins anew so often while a phase lasts; 0 is never. */
export function startTime(healthy: number, edge: number, fault: number): Values {
  const every = { healthy, edge, fault };
  return (moments) =>
    moments.map(({ seconds, phase }) => (every[phase] === 0 ? 0 : seconds - (seconds % every[phase])));
}

/** A histogram of which so many observations a second fall below each bound. */
export function histogram(name: string, labels: string, bounds: Readonly<Record<string, [number, number, number]>>) {
  return Object.fromEntries(
    Object.entries(bounds).map(([le, rates]) => [`${name}_bucket{${labels}, le="${le}"}`, counter(...rates)]),
  );
}
