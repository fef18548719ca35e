import { Injectable } from '@nestjs/common';
import { Retention } from '../../../platform/retention/retention.js';

// By whole gate runs: what is left of one would say something else than all of it. Verdicts and means stay.
const DELETE_SOME = `
  delete from measurements where gate_run_id in (
    select id from gate_runs r
    where ended_at < $1 and exists (select from measurements m where m.gate_run_id = r.id)
    limit greatest(1, $2 / 100))`;

@Injectable()
export class MeasurementRetention {
  constructor(retention: Retention) {
    retention.keep('measurements', ({ measurementsDays }) => measurementsDays, DELETE_SOME);
  }
}
