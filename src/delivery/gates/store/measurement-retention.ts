import { Injectable } from '@nestjs/common';
import { Retention } from '../../../platform/retention/retention.js';

// Deletes whole gate runs, because a part of the measurements would give a wrong picture. Verdicts and means stay. The
// limit counts runs and not measurements: a run may have none, and others would still follow.
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
