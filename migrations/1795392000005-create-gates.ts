import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateGates1795392000005 implements MigrationInterface {
  name = 'CreateGates1795392000005';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table gate_specifications (
        slot_id uuid primary key references slots (id),
        specification json not null,
        updated_at timestamptz(3) not null
      )`);
    await runner.query(`
      create table gate_engines (
        id uuid primary key,
        seen_at timestamptz(3) not null,
        lease_until timestamptz(3) not null
      )`);
    // The plan never changes and done does, several times a minute: kept out of line, the plan is not copied each time.
    await runner.query(`
      create table gate_runs (
        id uuid primary key,
        deployment_id uuid not null unique references deployments (id) on delete restrict,
        slot_id uuid not null references slots (id),
        plan jsonb not null,
        deployed_at timestamptz(3) not null,
        identity_ends_at timestamptz(3),
        identified_hosts text[] not null,
        bake_begins_at timestamptz(3),
        bake_ends_at timestamptz(3),
        moved_ms integer not null,
        deadline timestamptz(3) not null,
        planned integer not null,
        done integer not null,
        engine_id uuid references gate_engines (id),
        unwatched_since timestamptz(3),
        verdict text check (verdict in ('promote', 'rollback', 'hold')),
        reasons jsonb,
        means jsonb,
        promoted boolean not null,
        ended_at timestamptz(3),
        check (verdict is null or ended_at is not null)
      ) with (fillfactor = 70, toast_tuple_target = 256)`);
    await runner.query('alter table gate_runs alter column plan set storage external');
    await runner.query(
      'create index gate_runs_free on gate_runs (deployed_at) where engine_id is null and ended_at is null',
    );
    await runner.query('create index gate_runs_watched on gate_runs (engine_id) where ended_at is null');
    await runner.query('create index gate_runs_promoted on gate_runs (slot_id, ended_at desc) where promoted');
    await runner.query(`
      create table measurements (
        gate_run_id uuid not null references gate_runs (id) on delete cascade,
        check_name text not null,
        host text not null,
        n integer not null,
        id uuid not null,
        due_at timestamptz(3) not null,
        measured_at timestamptz(3),
        outcome text not null check (outcome in ('pass', 'fail', 'no_data', 'error', 'missed')),
        value double precision,
        detail text,
        primary key (gate_run_id, check_name, host, n)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['measurements', 'gate_runs', 'gate_engines', 'gate_specifications']) {
      await runner.query(`drop table ${table}`);
    }
  }
}
