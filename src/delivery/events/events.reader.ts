import { Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.js';
import { type EventFilter, type EventRow, eventOf, type StoredEvent } from './event.model.js';

export type { EventRow } from './event.model.js';

const AT_ONCE = 200;

const named = (release: string): string =>
  `case when ${release}.id is not null then jsonb_build_object('digest', ${release}.digest, 'version', ${release}.version) end`;

const COLUMNS = `
  e.position, e.id, e.type, e.created_at as at, coalesce(s.service, e.data ->> 'service') as service,
  coalesce(s.environment, e.data ->> 'environment') as environment, e.deployment_id as "deploymentId",
  e.incident_id as "incidentId", ${named('r')} as release, ${named('p')} as "previousRelease",
  ${named('b')} as "rollbackTo", e.data`;

const TABLES = `
  from events e
    left join slots s on s.id = e.slot_id
    left join deployments d on d.id = e.deployment_id
    left join releases r on r.id = d.release_id
    left join releases p on p.id = (e.data ->> 'previousReleaseId')::uuid
    left join releases b on b.id = d.rollback_to_release_id`;

const NEWEST = 'select coalesce(max(position), 0) as position from events';

const AFTER = `select ${COLUMNS} ${TABLES} where e.position > $1 order by e.position limit ${AT_ONCE}`;

/** In one statement, and so of one moment: which transactions may still commit what is missing. */
const AFTER_WITH_SNAPSHOT = `
  select pg_snapshot_xmin(now.snapshot)::text as "oldestRunning", pg_snapshot_xmax(now.snapshot)::text as next, event.*
  from (select pg_current_snapshot() as snapshot) now left join (${AFTER}) event on true
  order by event.position`;

const BETWEEN = `
  select ${COLUMNS} ${TABLES}
  where e.position > $1 and e.position <= $2
    and ($3::text is null or coalesce(s.service, e.data ->> 'service') = $3)
    and ($4::text is null or coalesce(s.environment, e.data ->> 'environment') = $4)
  order by e.position limit ${AT_ONCE}`;

const AT = `select ${COLUMNS} ${TABLES} where e.position = any ($1::bigint[])`;

interface Look {
  readonly rows: readonly EventRow[];
  /** Every transaction before this one has ended. */
  readonly oldestRunning: bigint;
  /** No transaction has this number yet, nor one after it. */
  readonly next: bigint;
}

type SnapshotRow = StoredEvent & { readonly oldestRunning: string; readonly next: string };

/** Questions about the outbox. */
@Injectable()
export class EventsReader {
  constructor(private readonly database: Database) {}

  /** The position of the newest event, 0 where there is none. */
  async newest(): Promise<bigint> {
    const [row] = await this.database.query<{ position: string }>('events-newest', NEWEST, []);
    return BigInt(row?.position ?? 0);
  }

  /** The next events that are committed, and what is known of those that are not. */
  async after(position: bigint): Promise<Look> {
    const found = await this.database.query<SnapshotRow>('events-after', AFTER_WITH_SNAPSHOT, [String(position)]);
    const [first] = found;
    return {
      rows: found.filter(({ position: at }) => at !== null).map(eventOf),
      oldestRunning: BigInt(first?.oldestRunning ?? 0),
      next: BigInt(first?.next ?? 0),
    };
  }

  /** The events at these positions, by position as text. */
  async at(positions: readonly string[]): Promise<Map<string, EventRow>> {
    if (positions.length === 0) return new Map();
    const found = await this.database.query<StoredEvent>('events-at', AT, [positions]);
    return new Map(found.map((stored) => [stored.position ?? '', eventOf(stored)]));
  }

  /** The next events after one position, up to another and included, that the filter lets through. */
  async between(after: bigint, upTo: bigint, { service, environment }: EventFilter): Promise<EventRow[]> {
    const values = [String(after), String(upTo), service ?? null, environment ?? null];
    return (await this.database.query<StoredEvent>('events-between', BETWEEN, values)).map(eventOf);
  }
}
