import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../../platform/clock.js';
import { CheckTypes } from '../checks/check-types.js';
import { IdentityProbe } from '../checks/identity-probe.js';
import { Timetable } from '../schedule/timetable.js';
import { Turnstiles } from '../schedule/turnstiles.js';
import { GateRunStore, type LeasedRun } from '../store/gate-run-store.js';
import { MeasurementStore } from '../store/measurement-store.js';
import { Conclusions } from './conclusions.js';
import { FailingRuns } from './failing-runs.js';
import { GateMetrics } from './gate-metrics.js';
import { GateWatch, type GateWatching } from './gate-watch.js';
import type { MeasuredOnce } from './measured-series.js';
import { MeasurementWriter } from './measurement-writer.js';
import { Outage } from './outage.js';
import { Sightings } from './sightings.js';

const RETRY_AFTER_MS = 500;

/** The gate runs that this engine watches, and the parts that they share. */
@Injectable()
export class GateWatches {
  /** Called when a statement finds that the lease is lost. */
  onLeaseLost: () => void = () => {};
  private readonly watches = new Map<string, GateWatch>();
  private readonly outage = new Outage(new Logger('GateEngine'), 'Storing measurements');
  private readonly timetable: Timetable;
  private readonly writer: MeasurementWriter<MeasuredOnce>;
  private engineId = '';

  constructor(
    private readonly clock: Clock,
    private readonly types: CheckTypes,
    private readonly identity: IdentityProbe,
    private readonly runs: GateRunStore,
    private readonly conclusions: Conclusions,
    private readonly failing: FailingRuns,
    private readonly sightings: Sightings,
    private readonly metrics: GateMetrics,
    private readonly turnstiles: Turnstiles,
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

  /** Watches a run that this engine has just leased, from its stored measurements on. */
  async begin(engineId: string, run: LeasedRun): Promise<void> {
    this.engineId = engineId;
    const watch = new GateWatch(run, this.watchingOf(engineId));
    if (run.hasMeasurements) await this.runs.readMeasurements(run.id, (page) => watch.restore(page));
    watch.resume(this.nowMs());
    // Stopped in the meantime, or taken by another engine.
    if (!(await this.runs.resume(engineId, run, watch.plan, watch.times))) return;
    this.drop(watch.id);
    this.watches.set(watch.id, watch);
    watch.begin();
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

  /** Starts nothing new, and writes what was measured and judged. */
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
      turnstiles: this.turnstiles,
      nowMs: () => this.nowMs(),
      onBegun: (latenessMs) => this.metrics.begun(latenessMs),
      onMeasured: (measurement, isUrgent) => this.writer.write(measurement, isUrgent),
      onSeen: ({ deploymentId }, host, digest) => this.sightings.tell({ deploymentId, host, digest }),
      onIdentified: (watch, hosts, isEveryHost) => {
        if (isEveryHost) void this.beginBake(engineId, watch, hosts);
        else void this.keepIdentified(engineId, watch, hosts);
      },
      onJudged: (watch, judgement, sinceMs) => {
        // Report sightings first, so that the handler of a `wrong-version` verdict finds the observed release.
        void this.sightings.told
          .then(() => this.conclusions.conclude(engineId, watch, judgement, sinceMs))
          .finally(() => this.watches.get(watch.id) === watch && this.drop(watch.id));
      },
      onFailed: (watch, error) => {
        this.drop(watch.id);
        void this.failing.giveBack(engineId, watch, error, { isCounted: false });
      },
    };
  }

  private count(measurement: MeasuredOnce): void {
    this.metrics.stored(measurement.series.check.type, measurement.outcome);
    this.watches.get(measurement.gateRunId)?.count(measurement);
  }

  /** Best effort: if it is not stored, a restart asks the host again. */
  private async keepIdentified(engineId: string, watch: GateWatch, hosts: readonly string[]): Promise<void> {
    await this.runs.identify(engineId, watch.id, hosts).catch((error: unknown) => this.outage.failed(error));
  }

  /** The bake begins once this is stored, because all due times are calculated from it. */
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
