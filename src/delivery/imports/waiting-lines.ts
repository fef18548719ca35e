import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import { Retention } from '../../platform/retention/retention.js';
import type { DeploymentLine, IncidentLine } from './imports.dto.js';

/** A line that waits until the last one is in: an incident, or a deployment that refers to what is not there yet. */
export interface WaitingLine<Entry = DeploymentLine | IncidentLine> {
  readonly number: number;
  readonly entry: Entry;
}

/** Few enough that the largest incidents take some megabytes. */
const AT_ONCE = 100;
/** No import takes so long: what is older was left when an instance was killed, or had lost its database. */
const LEFT_AFTER_DAYS = 1;

const ADD = `
  insert into import_lines (import_id, line, kind, at, entry, kept_at)
  select $1, line, kind, at, entry, $2 from json_to_recordset($3) as r(line integer, kind text, at timestamptz, entry json)`;

/** In the order of their times, so that what remediates a deployment comes after it. */
const NEXT = `
  select line as number, at, entry from import_lines
  where import_id = $1 and kind = $2 and (at, line) > ($3, $4) order by at, line limit ${AT_ONCE}`;

const FORGET = 'delete from import_lines where import_id = $1';

const DELETE_SOME = `
  delete from import_lines where (import_id, line) in
    (select import_id, line from import_lines where kept_at < $1 limit $2)`;

/** Lines that wait are kept in the database: there may be a hundred megabytes of them. */
@Injectable()
export class WaitingLines {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    retention: Retention,
  ) {
    retention.keep('import-lines', () => LEFT_AFTER_DAYS, DELETE_SOME);
  }

  async add(tx: EntityManager, importId: string, lines: readonly WaitingLine[]): Promise<void> {
    if (lines.length === 0) return;
    const rows = lines.map(({ number, entry }) => {
      const at = entry.type === 'deployment' ? entry.createdAt : entry.startsAt;
      return { line: number, kind: entry.type, at, entry };
    });
    await tx.query(ADD, [importId, this.clock.now(), JSON.stringify(rows)]);
  }

  /** Some at a time, until all were given. */
  async *of<Kind extends 'deployment' | 'incident'>(
    importId: string,
    kind: Kind,
  ): AsyncGenerator<WaitingLine<Extract<DeploymentLine | IncidentLine, { type: Kind }>>[]> {
    type Row = WaitingLine<Extract<DeploymentLine | IncidentLine, { type: Kind }>> & { at: Date };
    let last: Pick<Row, 'at' | 'number'> | undefined = { at: new Date(0), number: 0 };
    while (last) {
      const values = [importId, kind, last.at, last.number];
      const rows: Row[] = await this.database.query<Row>('import-lines-next', NEXT, values);
      if (rows.length > 0) yield rows;
      last = rows.length === AT_ONCE ? rows.at(-1) : undefined;
    }
  }

  async forget(importId: string): Promise<void> {
    await this.database.query('import-lines-forget', FORGET, [importId]);
  }
}
