import type { Measure, Reading } from '../checks/check-types.js';
import { countWithin, dueAt, type PlannedCheck, type PlannedHost } from '../plan/gate-plan.model.js';
import type { Appointment } from '../schedule/timetable.js';
import type { Party, Turnstile } from '../schedule/turnstile.js';
import type { Measurement } from '../store/measurement-store.js';
import { Tally } from '../verdict/tally.model.js';
import type { Series } from '../verdict/verdict.model.js';
import { tracedMeasurement } from './measurement-span.js';

/** What a series needs from the engine and from its gate run. */
export interface SeriesWatching {
  readonly gateRunId: string;
  readonly deploymentId: string;
  readonly party: Party;
  readonly turnstile: Turnstile;
  readonly nowMs: () => number;
  readonly isOff: () => boolean;
  readonly schedule: (appointment: Appointment) => void;
  readonly onBegun: (latenessMs: number) => void;
  readonly onMeasured: (measurement: MeasuredOnce) => void;
  readonly onFailed: (error: unknown) => void;
}

export interface MeasuredOnce extends Measurement {
  readonly series: MeasuredSeries;
}

/** One check on one host, measured repeatedly, each measurement at its own time. */
export class MeasuredSeries implements Series, Appointment {
  readonly tally: Tally;
  readonly host: string | null;
  dueAtMs = 0;
  private n = 0;
  private count = 0;
  private beginsAtMs = 0;

  constructor(
    readonly check: PlannedCheck,
    host: PlannedHost | null,
    private readonly measure: Measure,
    /** Some types drop a late measurement; others can still make it. */
    private readonly isMissedWhenLate: boolean,
    private readonly watching: SeriesWatching,
  ) {
    this.host = host?.name ?? null;
    this.tally = new Tally(check.onNoData);
  }

  isOff(): boolean {
    return this.watching.isOff();
  }

  /** Whether a measurement that was due in this bake can no longer be made. */
  hasMissed(bakeBeginsAtMs: number, bakeEndsAtMs: number, nowMs: number): boolean {
    if (!this.isMissedWhenLate) return false;
    const count = countWithin(this.check, bakeEndsAtMs - bakeBeginsAtMs);
    for (let n = 0; n < count && this.isTooLate(dueAt(this.check, bakeBeginsAtMs, n), nowMs); n += 1) {
      if (!this.tally.has(n)) return true;
    }
    return false;
  }

  /** Measures everything of this bake that is not stored yet. */
  begin(bakeBeginsAtMs: number, bakeEndsAtMs: number): void {
    this.beginsAtMs = bakeBeginsAtMs;
    this.count = countWithin(this.check, bakeEndsAtMs - bakeBeginsAtMs);
    this.scheduleFrom(0);
  }

  keep(): void {
    const { n, dueAtMs } = this;
    this.scheduleFrom(n + 1);
    if (this.isTooLate(dueAtMs, this.watching.nowMs())) this.record(n, dueAtMs, null, MISSED);
    else void this.take(n, dueAtMs).catch(this.watching.onFailed);
  }

  private scheduleFrom(n: number): void {
    let next = n;
    while (next < this.count && this.tally.has(next)) next += 1;
    if (next >= this.count) return;
    this.n = next;
    this.dueAtMs = dueAt(this.check, this.beginsAtMs, next);
    this.watching.schedule(this);
  }

  private async take(n: number, dueAtMs: number): Promise<void> {
    const { gateRunId, deploymentId, party, turnstile, nowMs, onBegun } = this.watching;
    let measuredAtMs = 0;
    const reading = await turnstile.pass(party, async () => {
      measuredAtMs = nowMs();
      if (this.isOff() || this.isTooLate(dueAtMs, measuredAtMs)) return MISSED;
      onBegun(measuredAtMs - dueAtMs);
      return tracedMeasurement({ gateRunId, deploymentId, host: this.host }, this.check, () =>
        this.measure(new Date(dueAtMs)).catch(mishap),
      );
    });
    this.record(n, dueAtMs, measuredAtMs, reading);
  }

  private record(n: number, dueAtMs: number, measuredAtMs: number | null, reading: Reading | typeof MISSED): void {
    if (this.isOff()) return;
    this.watching.onMeasured({
      series: this,
      gateRunId: this.watching.gateRunId,
      check: this.check.name,
      host: this.host ?? '',
      n,
      dueAtMs,
      measuredAtMs: reading === MISSED ? null : measuredAtMs,
      outcome: reading.outcome,
      value: reading.value,
      detail: reading.detail,
    });
  }

  /**
   * A measurement is late until the next one is due. Then it is missed, because its result would not belong to its own
   * time.
   */
  private isTooLate(dueAtMs: number, nowMs: number): boolean {
    return this.isMissedWhenLate && nowMs >= dueAtMs + this.check.intervalMs;
  }
}

const MISSED = { outcome: 'missed', value: null, detail: null } as const;

/** A fault of Plimsoll is no evidence about the service. */
function mishap(error: unknown): Reading {
  return { outcome: 'error', value: null, detail: `Plimsoll could not measure: ${String(error)}` };
}
