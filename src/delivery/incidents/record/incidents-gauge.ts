import { Injectable } from '@nestjs/common';
import { InjectMetric, makeGaugeProvider } from '@willsoto/nestjs-prometheus';
import type { Gauge } from 'prom-client';
import { Database } from '../../../platform/database/database.js';
import { PeriodicJobs } from '../../../platform/jobs/periodic-jobs.js';

const LOOK_EVERY_MS = 15_000;

const OPEN = 'select count(*)::int as open from incidents where ends_at is null';

export const incidentsMetric = makeGaugeProvider({
  name: 'incidents_open',
  help: 'Incidents that have not ended, in the whole ledger.',
});

/** Keeps the gauge of open incidents up to date; each instance says the same. */
@Injectable()
export class IncidentsGauge {
  constructor(
    private readonly database: Database,
    @InjectMetric('incidents_open') private readonly gauge: Gauge,
    jobs: PeriodicJobs,
  ) {
    jobs.every('incidents-gauge', LOOK_EVERY_MS, () => this.look());
  }

  async look(): Promise<void> {
    const [row] = await this.database.query<{ open: number }>('incidents-open', OPEN, []);
    this.gauge.set(row?.open ?? 0);
  }
}
