import { Injectable } from '@nestjs/common';
import { InjectMetric, makeGaugeProvider } from '@willsoto/nestjs-prometheus';
import type { Gauge } from 'prom-client';
import { Database } from '../../../platform/database/database.js';
import { PeriodicJobs } from '../../../platform/jobs/periodic-jobs.js';

const LOOK_EVERY_MS = 15_000;

/** Slots of which a host that they still have was last seen to run something else than they are known to run. */
const DRIFTING = `
  select count(distinct s.id)::int as drifting
  from host_observations o
    join slots s on s.id = o.slot_id
    join slot_states st on st.slot_id = s.id
    join releases r on r.id = st.running_release_id
  where o.digest <> r.digest and exists (select from json_array_elements(s.hosts) h where h ->> 'name' = o.host)`;

export const driftMetric = makeGaugeProvider({
  name: 'deployment_slots_drifting',
  help: 'Slots with a host that runs another release than the running one, in the whole ledger.',
});

/** Keeps the gauge of drifting slots up to date; each instance says the same. */
@Injectable()
export class DriftGauge {
  constructor(
    private readonly database: Database,
    @InjectMetric('deployment_slots_drifting') private readonly gauge: Gauge,
    jobs: PeriodicJobs,
  ) {
    jobs.every('drift-gauge', LOOK_EVERY_MS, () => this.look());
  }

  async look(): Promise<void> {
    const [row] = await this.database.query<{ drifting: number }>('slots-drifting', DRIFTING, []);
    this.gauge.set(row?.drifting ?? 0);
  }
}
