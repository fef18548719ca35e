import { Injectable } from '@nestjs/common';
import { InjectMetric, makeGaugeProvider } from '@willsoto/nestjs-prometheus';
import type { Gauge } from 'prom-client';
import { PeriodicJobs } from '../../../platform/jobs/periodic-jobs.js';
import { Drifts } from './drifts.js';

const LOOK_EVERY_MS = 5000;

export const driftMetric = makeGaugeProvider({
  name: 'deployment_slots_drifting',
  help: 'Slots with a host that runs another release than the running one, in the whole ledger.',
});

/** Keeps the gauge of drifting slots up to date, each instance the same, and has drift told of that began or ended. */
@Injectable()
export class DriftGauge {
  constructor(
    private readonly drifts: Drifts,
    @InjectMetric('deployment_slots_drifting') private readonly gauge: Gauge,
    jobs: PeriodicJobs,
  ) {
    jobs.every('drift', LOOK_EVERY_MS, () => this.look());
  }

  async look(): Promise<void> {
    this.gauge.set(await this.drifts.settle());
  }
}
