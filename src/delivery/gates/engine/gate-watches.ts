import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../../platform/clock.js';
import { CheckTypes } from '../checks/check-types.js';
import { IdentityProbe } from '../checks/identity-probe.js';
import { Timetable } from '../schedule/timetable.js';
import { Turnstile } from '../schedule/turnstile.js';
import { GateRunStore, type LeasedRun, type StoredMeasurement } from '../store/gate-run-store.js';
import { MeasurementStore } from '../store/measurement-store.js';
import { Conclusions } from './conclusions.js';
import { GateMetrics } from './gate-metrics.js';
import { GateWatch, type GateWatching } from './gate-watch.js';
import type { MeasuredOnce } from './measured-series.js';
import { MeasurementWriter } from './measurement-writer.js';
import { Outage } from './outage.js';

/** Each takes a socket; the second bound keeps one gate with slow targets from taking all. */
const MEASURED_AT_ONCE = 4096;
const MEASURED_AT_ONCE_OF_A_RUN = 256;
const RETRY_AFTER_MS = 500;

/** The gate runs that this engine watches, and what they share. */
@Injectable()
export class GateWatches {
  /** Told when a statement finds that the lease is gone. */
  onLeaseLost: () => void = () => {};
  private readonly watches = new Map<string, GateWatch>();
  private readonly outage = new Outage(new Logger('GateEngine'), 'Storing measurements');
  private readonly timetable: Timetable;
  private readonly turnstile = new Turnstile(MEASURED_AT_ONCE, MEASURED_AT_ONCE_OF_A_RUN);
  private readonly writer: MeasurementWriter<MeasuredOnce>;
  private engineId = '';

  constructor(
    private readonly clock: Clock,
    private readonly types: CheckTypes,
    private readonly identity: IdentityProbe,
    private readonly runs: GateRunStore,
    private readonly conclusions: Conclusions,
    private readonly metrics: GateMetrics,
    measurements: MeasurementStore,
  ) {
    this.timetable = new Timetable(clock);
    this.writer = new MeasurementWriter({
      store: (batch) => measurements.store(this.engineId, batch),
      onStored: (measurement) => this.count(measurement),
      onLeaseLost: () => this.onLeaseLost(),
      onFull: () => this.timetable.pause(),
      onRoom: () => this.timetable.resume(),
      outage: this.outage,
    });
  }

  get ids(): ReadonlySet<string> {
    return new Set(this.watches.keys());
  }

  /** Watches runs that this engine has just leased, from where their stored measurements leave them. */
  async begin(engineId: string, runs: readonly LeasedRun[]): Promise<void> {
    this.engineId = engineId;
    const watching = this.watchingOf(engineId);
    const watches = runs.map((run) => new GateWatch(run, watching));
    const begun = runs.filter(({ hasMeasurements }) => hasMeasurements).map(({ id }) => id);
    const stored = begun.length === 0 ? [] : await this.runs.measurementsOf(begun);
    const byRun = Map.groupBy(stored, ({ gateRunId }: StoredMeasurement) => gateRunId);
    for (const watch of watches) {
      watch.restore(byRun.get(watch.id) ?? []);
      watch.resume(this.nowMs());
    }
    await this.runs.resume(engineId, watches);
    for (const watch of watches) {
      this.drop(watch.id);
      this.watches.set(watch.id, watch);
      watch.begin();
    }
  }

  drop(runId: string): void {
    this.watches.get(runId)?.end();
    this.watches.delete(runId);
  }

  /** Forgets everything that was watched under a lease that is lost. */
  dropAll(): void {
    for (const id of this.ids) this.drop(id);
    this.timetable.clear();
    this.writer.forget();
  }

  /** Begins nothing any more, and writes what is measured and judged. */
  async close(signal: AbortSignal): Promise<void> {
    this.timetable.pause();
    await this.writer.close();
    await this.conclusions.close(signal);
    this.dropAll();
  }

  private nowMs(): number {
    return this.clock.now().getTime();
  }

  private watchingOf(engineId: string): GateWatching {
    return {
      types: this.types,
      identity: this.identity,
      timetable: this.timetable,
      turnstile: this.turnstile,
      nowMs: () => this.nowMs(),
      onBegun: (latenessMs) => this.metrics.begun(latenessMs),
      onMeasured: (measurement, isUrgent) => this.writer.write(measurement, isUrgent),
      onIdentified: (watch, hosts, isEveryHost) => {
        if (isEveryHost) void this.beginBake(engineId, watch, hosts);
        else void this.keepIdentified(engineId, watch, hosts);
      },
      onJudged: (watch, judgement, sinceMs) => {
        void this.conclusions
          .conclude(engineId, watch, judgement, sinceMs)
          .finally(() => this.watches.get(watch.id) === watch && this.drop(watch.id));
      },
    };
  }

  private count(measurement: MeasuredOnce): void {
    this.metrics.stored(measurement.series.check.type, measurement.outcome);
    this.watches.get(measurement.gateRunId)?.count(measurement);
  }

  /** Best effort: without it a restart asks the host again. */
  private async keepIdentified(engineId: string, watch: GateWatch, hosts: readonly string[]): Promise<void> {
    await this.runs.identify(engineId, watch.id, hosts).catch((error: unknown) => this.outage.failed(error));
  }

  /** The bake begins when that is stored, for everything that is due derives from it. */
  private async beginBake(engineId: string, watch: GateWatch, hosts: readonly string[]): Promise<void> {
    while (this.watches.get(watch.id) === watch) {
      try {
        const asked = { plan: watch.plan, times: watch.timesFrom(this.nowMs()) };
        const times = await this.runs.beginBake(engineId, watch.id, hosts, asked);
        return times ? watch.bake(times) : this.drop(watch.id);
      } catch (error) {
        this.outage.failed(error);
        await delay(RETRY_AFTER_MS);
      }
    }
  }
}
