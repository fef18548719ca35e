import { Injectable } from '@nestjs/common';
import { Retention } from '../../../platform/retention/retention.js';

// By whole gate runs: what is left of one would say something else than all of it. Verdicts and means stay. The runs are
// what is counted: one may well have ended before anything was measured, and others are still to come.
const DELETE_SOME = `
  with old as (
    select id from gate_runs where ended_at < $1 and measurements_kept
    order by ended_at limit greatest(1, $2 / 100) for update skip locked
  ),
  deleted as (delete from measurements where gate_run_id in (select id from old))
  update gate_runs set measurements_kept = false where id in (select id from old)`;

@Injectable()
export class MeasurementRetention {
  constructor(retention: Retention) {
    retention.keep('measurements', ({ measurementsDays }) => measurementsDays, DELETE_SOME);
  }
}
