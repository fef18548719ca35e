import { randomUUIDv7 } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { ReservedDatabase } from '../../../platform/database/database.js';
import type { MeasurementOutcome } from '../gate-run.model.js';

/** A measurement that is to be stored. */
export interface Measurement {
  readonly gateRunId: string;
  readonly check: string;
  /** Empty for a check that is planned once. */
  readonly host: string;
  readonly n: number;
  readonly dueAtMs: number;
  readonly measuredAtMs: number | null;
  readonly outcome: MeasurementOutcome;
  readonly value: number | null;
  readonly detail: string | null;
}

/**
 * One statement for many measurements. It locks the engine's row against deletion: either the lease is held until they
 * are stored, or nothing is written. A measurement that is already stored, after a lost answer, stays.
 */
const STORE = `
  with engine as (select id from gate_engines where id = $1 for key share),
  given as (
    select * from unnest($2::uuid[], $3::text[], $4::text[], $5::int[], $6::uuid[], $7::float8[], $8::float8[],
                         $9::text[], $10::float8[], $11::text[])
      as m (run_id, check_name, host, n, id, due, measured, outcome, value, detail)
  ),
  stored as (
    insert into measurements (gate_run_id, check_name, host, n, id, due_at, measured_at, outcome, value, detail)
    select m.run_id, m.check_name, m.host, m.n, m.id, to_timestamp(m.due / 1000), to_timestamp(m.measured / 1000),
           m.outcome, m.value, m.detail
      from given m join gate_runs r on r.id = m.run_id
     where r.engine_id = (select id from engine) and r.ended_at is null
    on conflict do nothing
    returning gate_run_id
  ),
  counted as (
    update gate_runs r set done = r.done + s.n
      from (select gate_run_id, count(*)::int as n from stored group by gate_run_id) s
     where r.id = s.gate_run_id
  )
  select exists (select from engine) as "isLeased"`;

@Injectable()
export class MeasurementStore {
  constructor(private readonly database: ReservedDatabase) {}

  /** Stores them together; false if the engine has no lease, and then none is stored. */
  async store(engineId: string, measurements: readonly Measurement[]): Promise<boolean> {
    const [row] = await this.database.query<{ isLeased: boolean }>('measurements-store', STORE, [
      engineId,
      measurements.map(({ gateRunId }) => gateRunId),
      measurements.map(({ check }) => check),
      measurements.map(({ host }) => host),
      measurements.map(({ n }) => n),
      measurements.map(() => randomUUIDv7()),
      measurements.map(({ dueAtMs }) => dueAtMs),
      measurements.map(({ measuredAtMs }) => measuredAtMs),
      measurements.map(({ outcome }) => outcome),
      measurements.map(({ value }) => value),
      measurements.map(({ detail }) => detail && storable(detail)),
    ]);
    return row?.isLeased ?? false;
  }
}

/** PostgreSQL stores neither U+0000 nor half a surrogate pair in a text, but a host may send either. */
function storable(detail: string): string {
  return detail.replaceAll('\0', '').toWellFormed();
}
