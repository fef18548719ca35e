import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../clock.js';
import { Database } from '../database/database.js';
import { PeriodicJobs } from '../jobs/periodic-jobs.js';

const EVERY_MS = 10 * 60_000;
/** So many entries are in a seal at most, but for those of the same microsecond. */
const ENTRIES = 5000;

/** SQL: the hash of all that an entry says. Times as numbers: as text they hang on the time zone of the session. */
export const ENTRY_HASH = `
  sha256(convert_to(jsonb_build_array(l.id, (extract(epoch from l.at) * 1000)::bigint, l.token_id, l.actor, l.action,
    l.subject, l.request_id, l.before, l.after, (extract(epoch from l.written_at) * 1000000)::bigint)::text, 'UTF8'))`;

/** SQL: what the seal before, its own number and the hashes of its entries make of a seal. */
export const chainOf = (before: string, number: string, hashes: string): string => `
  sha256(${before} || int4send(${number})
    || coalesce((select string_agg(h, ''::bytea order by n) from unnest(${hashes}) with ordinality u(h, n)), ''))`;

const LOCK = `select pg_try_advisory_xact_lock(hashtextextended('audit seals', 0)) as "isOurs"`;

/**
 * Nothing is still to come from before this instant: what is written later begins later, and has a later `written_at`.
 * `statement_timestamp` first: a transaction that is not shown yet writes after it.
 */
const CLOSED = `
  select least(statement_timestamp(), min(xact_start)) as closed from pg_stat_activity
  where datname = current_database() and pid <> pg_backend_pid()`;

/** Entries from before there were seals, in the order of their ids, and then those that were written since the last seal. */
const SEAL = `
  with last as (select number, chain, to_at, ids from audit_seals order by number desc limit 1),
  old as (
    select l.id, l.written_at, ${ENTRY_HASH} as hash from audit_log l
    where l.written_at is null and not exists (select from last where to_at is not null)
      and l.id > coalesce((select ids[cardinality(ids)] from last), '00000000-0000-0000-0000-000000000000')
    order by l.id limit ${ENTRIES}),
  fresh as (
    select l.id, l.written_at, ${ENTRY_HASH} as hash from audit_log l
    where not exists (select from old) and l.written_at > coalesce((select to_at from last), '-infinity')
      and l.written_at < $1
    order by l.written_at fetch first ${ENTRIES} rows with ties),
  entries as (select * from old union all select * from fresh),
  gathered as (
    select array_agg(id order by written_at, id) as ids, array_agg(hash order by written_at, id) as hashes,
      max(written_at) as to_at, coalesce((select number from last), 0) + 1 as number
    from entries having count(*) > 0)
  insert into audit_seals (number, from_at, to_at, ids, hashes, chain, sealed_at)
  select number, (select to_at from last), to_at, ids, hashes,
    ${chainOf(`coalesce((select chain from last), '')`, 'number', 'hashes')}, $2
  from gathered
  returning number, cardinality(ids) as entries, encode(chain, 'hex') as hash`;

interface Sealed {
  readonly number: number;
  readonly entries: number;
  readonly hash: string;
}

/**
 * Seals what has been written to the audit log: the hashes of its entries, and a hash that chains them to the seal before.
 * Nobody who writes waits for it. Each seal is logged, so that whoever keeps the log can tell seals that were made anew.
 */
@Injectable()
export class AuditSeals {
  private readonly log = new Logger('AuditSeals');

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    jobs: PeriodicJobs,
  ) {
    jobs.every('audit-seals', EVERY_MS, (signal) => this.sealAll(signal));
  }

  /** Until all is sealed that can be. */
  async sealAll(signal?: AbortSignal): Promise<void> {
    for (let sealed = await this.seal(); sealed; sealed = signal?.aborted ? null : await this.seal()) {
      this.log.log({ msg: 'audit log sealed', ...sealed });
    }
  }

  /** Null where there is nothing to seal, or another instance does. */
  private async seal(): Promise<Sealed | null> {
    return this.database.transaction(async (tx) => {
      const [lock] = await tx.query<{ isOurs: boolean }[]>(LOCK);
      if (!lock?.isOurs) return null;
      const [row] = await tx.query<{ closed: Date }[]>(CLOSED);
      const sealed = await tx.query<Sealed[]>(SEAL, [row?.closed, this.clock.now()]);
      return sealed[0] ?? null;
    });
  }
}
