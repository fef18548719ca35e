import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Keyset } from '../../platform/http/page.js';
import type { MeasurementOutcome } from './gate-run.model.js';
import type { GateSpecification } from './plan/gate-specification.model.js';

export { MEASUREMENT_OUTCOMES, type MeasurementOutcome } from './gate-run.model.js';

/** A measurement as the API shows it, and the key of its page. */
export interface MeasurementRow extends Keyset {
  readonly check: string;
  readonly host: string | null;
  readonly n: number;
  readonly dueAt: Date;
  readonly measuredAt: Date | null;
  readonly outcome: MeasurementOutcome;
  readonly value: number | null;
  readonly detail: string | null;
}

export interface MeasurementsPage {
  readonly after: Keyset | null;
  readonly limit: number;
}

/** What other features may read about gates. Every method reads through the handle that it is given. */
@Injectable()
export class GatesReader {
  /** The gate as an operator wrote it, or null if there is none. */
  async specification(handle: EntityManager, slotId: string): Promise<GateSpecification | null> {
    const [row] = await handle.query<{ specification: GateSpecification }[]>(
      'select specification from gate_specifications where slot_id = $1',
      [slotId],
    );
    return row?.specification ?? null;
  }

  /** The latest possible time of the verdict, as far as is known now; null if no run is active. */
  async deadline(handle: EntityManager, deploymentId: string): Promise<Date | null> {
    const [row] = await handle.query<{ deadline: Date }[]>(
      'select deadline from gate_runs where deployment_id = $1 and ended_at is null',
      [deploymentId],
    );
    return row?.deadline ?? null;
  }

  /** Newest due time first. Returns one more than `limit`, so that the page knows whether there is a next one. */
  async measurements(
    handle: EntityManager,
    deploymentId: string,
    { after, limit }: MeasurementsPage,
  ): Promise<MeasurementRow[]> {
    return handle.query<MeasurementRow[]>(
      `select m.id, m.due_at as "createdAt", m.check_name as "check", nullif(m.host, '') as host, m.n,
              m.due_at as "dueAt", m.measured_at as "measuredAt", m.outcome, m.value, m.detail
         from gate_runs r join measurements m on m.gate_run_id = r.id
        where r.deployment_id = $1 and ($2::timestamptz is null or (m.due_at, m.id) < ($2, $3::uuid))
        order by m.due_at desc, m.id desc limit $4`,
      [deploymentId, after?.createdAt ?? null, after?.id ?? null, limit + 1],
    );
  }
}
