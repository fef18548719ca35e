import type { CheckTypes } from '../checks/check-types.js';
import type { IdentityProbe, Look } from '../checks/identity-probe.js';
import type { GatePlan, PlannedHost } from '../plan/gate-plan.model.js';
import { type GateTimes, plannedBetween, timesAfterGap, timesAtBake } from '../plan/gate-times.model.js';
import type { Timetable } from '../schedule/timetable.js';
import { Party, type Turnstile } from '../schedule/turnstile.js';
import type { Turnstiles } from '../schedule/turnstiles.js';
import type { LeasedRun, StoredMeasurement } from '../store/gate-run-store.js';
import { hasFailed, judge, judgeEarly, type Judgement, meansOf } from '../verdict/verdict.model.js';
import { IdentityWatch } from './identity-watch.js';
import { type MeasuredOnce, MeasuredSeries } from './measured-series.js';
import { tracedLook } from './measurement-span.js';

/** What the gate runs of an engine share, and how they report to it. */
export interface GateWatching {
  readonly types: CheckTypes;
  readonly identity: IdentityProbe;
  readonly timetable: Timetable;
  readonly turnstiles: Turnstiles;
  readonly nowMs: () => number;
  readonly onBegun: (latenessMs: number) => void;
  /** A measurement is urgent if a verdict may depend on it. */
  readonly onMeasured: (measurement: MeasuredOnce, isUrgent: boolean) => void;
  /** A host reports which release it runs. */
  readonly onSeen: (watch: GateWatch, host: string, digest: string) => void;
  readonly onIdentified: (watch: GateWatch, hosts: readonly string[], isEveryHost: boolean) => void;
  /** `sinceMs` is the earliest time at which the verdict could have been known. */
  readonly onJudged: (watch: GateWatch, judgement: Judgement, sinceMs: number) => void;
  /** The run threw. It is no longer watched; the others are. */
  readonly onFailed: (watch: GateWatch, error: unknown) => void;
}

/** A gate run in the memory of the engine that watches it. It judges only by stored measurements. */
export class GateWatch {
  readonly id: string;
  readonly deploymentId: string;
  readonly plan: GatePlan;
  times: GateTimes;
  private readonly series: readonly MeasuredSeries[];
  private readonly seriesByName: ReadonlyMap<string, MeasuredSeries>;
  private readonly parties = new Map<Turnstile, Party>();
  private planned = 0;
  private measured = 0;
  private stored = 0;
  private isOver = false;

  constructor(
    private readonly run: LeasedRun,
    private readonly watching: GateWatching,
  ) {
    this.id = run.id;
    this.deploymentId = run.deploymentId;
    this.plan = run.plan;
    this.times = run.times;
    this.series = this.plan.checks.flatMap((check) => {
      const hosts = check.isPerHost ? this.plan.hosts : [null];
      return hosts.map((host) => this.seriesOf(check, host));
    });
    this.seriesByName = new Map(
      this.series.map((one) => [nameOf({ check: one.check.name, host: one.host ?? '' }), one]),
    );
  }

  /** The mean of every check, for the baselines of later runs. */
  get means(): Record<string, number> {
    return meansOf(this.plan, this.series);
  }

  /**
   * Counts a page of the measurements that were stored before this engine took over. Repeated measurements change
   * nothing.
   */
  restore(measurements: readonly StoredMeasurement[]): void {
    for (const measurement of measurements) {
      this.seriesByName.get(nameOf(measurement))?.tally.add(measurement);
    }
    this.stored = this.series.reduce((sum, { tally }) => sum + tally.total, 0);
    this.measured = this.stored;
  }

  /** Moves the times by the unwatched gap. Must be stored before `begin`. */
  resume(nowMs: number): void {
    const { unwatchedSinceMs } = this.run;
    if (unwatchedSinceMs === null) return;
    const { bakeBeginsAtMs: begins, bakeEndsAtMs: ends } = this.times;
    const hasMissed =
      begins !== null && ends !== null && this.series.some((series) => series.hasMissed(begins, ends, nowMs));
    this.times = timesAfterGap(this.times, this.plan, nowMs - unwatchedSinceMs, hasMissed);
  }

  begin(): void {
    if (this.times.bakeBeginsAtMs === null) this.attempt(() => this.identify());
    else this.bake(this.times);
  }

  /** The times of a bake that begins now. */
  timesFrom(nowMs: number): GateTimes {
    return timesAtBake(this.times, this.plan, nowMs);
  }

  bake(times: GateTimes): void {
    const { bakeBeginsAtMs, bakeEndsAtMs } = times;
    if (this.isOver || bakeBeginsAtMs === null || bakeEndsAtMs === null) return;
    this.times = times;
    this.attempt(() => this.measure(bakeBeginsAtMs, bakeEndsAtMs));
  }

  /** Counts a measurement once it is stored. */
  count(measurement: MeasuredOnce): void {
    if (this.isOver) return;
    this.attempt(() => {
      measurement.series.tally.add(measurement);
      this.stored += 1;
      if (hasFailed(measurement.series)) this.judgeEarly(measurement.dueAtMs);
      else this.judgeAtEnd(measurement.dueAtMs);
    });
  }

  /** Nothing is measured or judged any more. */
  end(): void {
    this.isOver = true;
  }

  /** An error in this run ends only this watch. */
  private attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.fail(error);
    }
  }

  private fail(error: unknown): void {
    if (this.isOver) return;
    this.end();
    this.watching.onFailed(this, error);
  }

  private measure(bakeBeginsAtMs: number, bakeEndsAtMs: number): void {
    this.planned = plannedBetween(this.times, this.plan);
    // The stored measurements may already reject: the previous engine may have died before it wrote the verdict.
    if (this.judgeEarly(bakeBeginsAtMs)) return;
    for (const series of this.series) series.begin(bakeBeginsAtMs, bakeEndsAtMs);
    this.judgeAtEnd(bakeBeginsAtMs);
  }

  private identify(): void {
    const { timetable, nowMs, onSeen, onIdentified, onJudged } = this.watching;
    const watch = new IdentityWatch({
      plan: this.plan,
      times: this.times,
      established: this.run.identifiedHosts,
      lookAt: (host) => this.lookAt(host),
      nowMs,
      isOff: () => this.isOver,
      schedule: (appointment) => timetable.add(appointment),
      onSeen: (host, digest) => onSeen(this, host, digest),
      onEstablished: (hosts, isEveryHost) => onIdentified(this, hosts, isEveryHost),
      onRefuted: (judgement) => {
        this.end();
        onJudged(this, judgement, this.times.identityEndsAtMs ?? nowMs());
      },
      onFailed: (error) => this.fail(error),
    });
    watch.begin();
  }

  private lookAt(host: PlannedHost): Look {
    const look = this.watching.identity.prepare(this.plan, host);
    return () => tracedLook({ gateRunId: this.id, deploymentId: this.deploymentId, host: host.name }, look);
  }

  private judgeEarly(sinceMs: number): boolean {
    const judgement = judgeEarly(this.series);
    if (judgement) this.conclude(judgement, sinceMs);
    return judgement !== null;
  }

  /** Once all measurements are stored, only the end of the bake is left. */
  private judgeAtEnd(dueAtMs: number): void {
    const endsAtMs = this.times.bakeEndsAtMs ?? Infinity;
    if (this.stored < this.planned) return;
    if (this.watching.nowMs() >= endsAtMs) {
      this.conclude(judge(this.plan, this.series), Math.max(dueAtMs, endsAtMs));
      return;
    }
    const keep = () => this.attempt(() => this.judgeAtEnd(dueAtMs));
    this.watching.timetable.add({ dueAtMs: endsAtMs, isOff: () => this.isOver, keep });
  }

  private conclude(judgement: Judgement, sinceMs: number): void {
    this.end();
    this.watching.onJudged(this, judgement, sinceMs);
  }

  private seriesOf(check: GatePlan['checks'][number], host: PlannedHost | null): MeasuredSeries {
    const { types, timetable, turnstiles, nowMs, onBegun } = this.watching;
    const measure = types.prepare({ plan: this.plan, check, host });
    const turnstile = turnstiles.of(check.type);
    const party = this.parties.get(turnstile) ?? new Party();
    this.parties.set(turnstile, party);
    return new MeasuredSeries(check, host, measure, types.find(check.type)?.whenLate !== 'measured', {
      gateRunId: this.id,
      deploymentId: this.deploymentId,
      party,
      turnstile,
      nowMs,
      isOff: () => this.isOver,
      schedule: (appointment) => timetable.add(appointment),
      onBegun,
      onMeasured: (measurement) => this.pass(measurement),
      onFailed: (error) => this.fail(error),
    });
  }

  private pass(measurement: MeasuredOnce): void {
    this.measured += 1;
    const accuses = measurement.outcome === 'fail' && measurement.series.check.required;
    this.watching.onMeasured(measurement, accuses || this.measured === this.planned);
  }
}

/** A separator: no name of a check contains U+0000. */
function nameOf({ check, host }: Pick<StoredMeasurement, 'check' | 'host'>): string {
  return `${check}\0${host}`;
}
