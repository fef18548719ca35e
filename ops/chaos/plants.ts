import { sql } from '../drills/faults.ts';

/** A promise broken on purpose, by which it is shown that chaos finds it. */
export interface Plant {
  readonly name: string;
  readonly what: string;
  /** The check that must find it. */
  readonly found: string;
  /** Bash, for a deployment of which a client was told that it was promoted. A client itself is lied to by stale-reads.ts. */
  readonly plant?: (deployment: string) => string;
  readonly undo?: string;
}

// Without triggers and foreign keys, as only a superuser can.
const asIs = (...statements: string[]) =>
  sql(['begin', 'set local session_replication_role = replica', ...statements, 'commit'].join('; '));

const keep = (table: string, rows: string) => `create table chaos_kept as select * from ${table} where ${rows}`;
const putBack = (table: string, columns = 'id') => [
  `delete from ${table} t using chaos_kept k where ${columns
    .split(' ')
    .map((column) => `t.${column} = k.${column}`)
    .join(' and ')}`,
  `insert into ${table} select * from chaos_kept`,
  'drop table chaos_kept',
];
const oneActive = `create unique index deployments_one_active on deployments (slot_id) where state in ('in_progress', 'verifying', 'on_hold')`;

export const staleRead = 'stale-read';

export const plants: readonly Plant[] = [
  {
    name: 'lost-write',
    what: 'an acknowledged deployment is deleted',
    found: 'lost write',
    plant: (id) => asIs(keep('deployments', `id = '${id}'`), `delete from deployments where id = '${id}'`),
    undo: asIs(...putBack('deployments')),
  },
  {
    name: 'active-twice',
    what: 'the index is dropped, and two deployments of a slot are active',
    found: 'two active deployments in a slot',
    plant: (id) =>
      asIs(
        'drop index deployments_one_active',
        keep(
          'deployments',
          `id in (select d.id from deployments d join deployments o using (slot_id) where o.id = '${id}' order by d.fence desc limit 2)`,
        ),
        `update deployments set state = 'on_hold' where id in (select id from chaos_kept)`,
      ),
    undo: asIs(...putBack('deployments'), oneActive),
  },
  {
    name: 'verdict-changed',
    what: 'a promoted deployment is made a rejected one',
    found: 'verdict changed',
    plant: (id) =>
      asIs(keep('deployments', `id = '${id}'`), `update deployments set state = 'rejected' where id = '${id}'`),
    undo: asIs(...putBack('deployments')),
  },
  {
    name: 'no-evidence',
    what: 'the measurements of a promoted deployment are taken away',
    found: 'promoted without evidence',
    plant: (id) =>
      asIs(
        keep('measurements', `gate_run_id = (select id from gate_runs where deployment_id = '${id}')`),
        'delete from measurements where gate_run_id in (select gate_run_id from chaos_kept)',
      ),
    undo: asIs('insert into measurements select * from chaos_kept', 'drop table chaos_kept'),
  },
  { name: staleRead, what: 'a client is shown what the slot was a while ago', found: 'linearizability' },
];
