import { Injectable } from '@nestjs/common';
import { RuntimeConfig } from '../../operations/runtime-config/runtime-config.js';
import { Clock } from '../clock.js';
import { Database } from '../database/database.js';
import type { AuditSealView } from './audit.dto.js';
import { chainOf, ENTRY_HASH } from './audit-seals.js';

const DAY_MS = 24 * 60 * 60_000;
/** Of one seal; that there are more is told by their number. */
const MOST_FAULTS = 20;

const SEALS = `
  select s.number, s.sealed_at as "sealedAt", cardinality(s.ids) as entries, encode(s.chain, 'hex') as hash,
    s.chain = ${chainOf(`case when s.number = 1 then ''::bytea else b.chain end`, 's.number', 's.hashes')} as "isChained"
  from audit_seals s left join audit_seals b on b.number = s.number - 1
  where s.number > $1 order by s.number limit $2`;

/**
 * What an entry is that is not as it was sealed. One that is gone may have been forgotten: an id of UUIDv7 begins with the
 * time at which it was made.
 */
const FAULTS = `
  with seal as (select * from audit_seals where number = $1),
  sealed as (select u.id, u.hash from seal, unnest(ids, hashes) as u(id, hash)),
  there as (
    select l.id, ${ENTRY_HASH} as hash from audit_log l, seal s
    where l.id = any(s.ids)
      or (s.to_at is not null and l.written_at <= s.to_at and l.written_at > coalesce(s.from_at, '-infinity'))),
  judged as (
    select coalesce(s.id, t.id) as "entryId",
      case when t.id is null then 'removed' when s.id is null then 'added' else 'changed' end as kind
    from sealed s full join there t on t.id = s.id
    where s.hash is distinct from t.hash)
  select "entryId", kind, count(*) over ()::int as count from judged
  where kind <> 'removed' or substring(replace("entryId"::text, '-', '') for 12) >= $2
  order by "entryId" limit ${MOST_FAULTS}`;

const UNSEALED = `
  with last as (select to_at, ids from audit_seals order by number desc limit 1)
  select count(*)::int as count from (
    select from audit_log l
    where l.written_at > coalesce((select to_at from last), '-infinity') limit 100000) l`;

interface SealRow {
  readonly number: number;
  readonly sealedAt: Date;
  readonly entries: number;
  readonly hash: string;
  readonly isChained: boolean | null;
}

interface FaultRow {
  readonly entryId: string;
  readonly kind: 'changed' | 'removed' | 'added';
  readonly count: number;
}

/** Says whether the audit log is what was sealed. */
@Injectable()
export class AuditSealsReader {
  constructor(
    private readonly database: Database,
    private readonly runtime: RuntimeConfig,
    private readonly clock: Clock,
  ) {}

  /** The seals after this one, each verified. */
  async verify(after: number, limit: number): Promise<AuditSealView[]> {
    const seals = await this.database.query<SealRow>('audit-seals', SEALS, [after, limit]);
    const verified: AuditSealView[] = [];
    for (const { isChained, sealedAt, ...seal } of seals) {
      const faults = await this.database.query<FaultRow>('audit-seal-faults', FAULTS, [seal.number, this.oldest()]);
      const faultCount = faults[0]?.count ?? 0;
      verified.push({
        ...seal,
        sealedAt: sealedAt.toISOString(),
        isChained: isChained === true,
        isIntact: isChained === true && faultCount === 0,
        faultCount,
        faults: faults.map(({ entryId, kind }) => ({ entryId, kind })),
      });
    }
    return verified;
  }

  /** Entries that no seal has yet, up to 100,000. */
  async unsealed(): Promise<number> {
    const [row] = await this.database.query<{ count: number }>('audit-unsealed', UNSEALED, []);
    return row?.count ?? 0;
  }

  /** The first 48 bits of an id, in hexadecimal, of the oldest entry that is still to be there. A day is left for retention to do its part. */
  private oldest(): string {
    const days = this.runtime.values.retention.auditLogDays - 1;
    const oldestMs = Math.max(0, this.clock.now().getTime() - days * DAY_MS);
    return oldestMs.toString(16).padStart(12, '0');
  }
}
