import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateDeployments1795392000004 implements MigrationInterface {
  name = 'CreateDeployments1795392000004';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table deployments (
        id uuid primary key,
        slot_id uuid not null references slots (id),
        service text not null,
        environment text not null,
        kind text not null check (kind in ('deploy', 'rollback', 'redeploy')),
        release_id uuid not null references releases (id),
        previous_release_id uuid references releases (id),
        sequence integer not null,
        fence integer,
        state text not null check (state in ('queued', 'in_progress', 'verifying', 'on_hold', 'promoted', 'rejected', 'failed', 'cancelled', 'superseded')),
        applied text[] not null,
        reason text,
        reasons jsonb not null,
        rollback_to_release_id uuid references releases (id),
        hosts_changed boolean,
        actor text not null,
        external_id text,
        retry_of uuid references deployments (id),
        remediates uuid references deployments (id),
        rollback_reason text,
        auto_rollback boolean not null,
        expected_previous text,
        sequence_key timestamptz(3),
        freeze_decision jsonb not null,
        bad boolean not null,
        bad_reason text,
        created_at timestamptz(3) not null,
        queued_at timestamptz(3),
        started_at timestamptz(3),
        heartbeat_at timestamptz(3),
        deployed_at timestamptz(3),
        held_at timestamptz(3),
        finished_at timestamptz(3),
        unique (slot_id, sequence)
      )`);
    // What keeps two deployments out of one slot, whatever the code believes.
    await runner.query(
      `create unique index deployments_one_active on deployments (slot_id) where state in ('in_progress', 'verifying', 'on_hold')`,
    );
    await runner.query(`create unique index deployments_one_queued on deployments (slot_id) where state = 'queued'`);
    await runner.query(
      'create unique index deployments_external_id on deployments (slot_id, external_id) where external_id is not null',
    );
    await runner.query(
      `create index deployments_promoted on deployments (slot_id, finished_at desc, sequence desc) where state = 'promoted'`,
    );
    await runner.query('create index deployments_bad on deployments (slot_id, release_id) where bad');
    await runner.query('create index deployments_newest on deployments (created_at desc, id desc)');
    await runner.query(
      'create index deployments_newest_of_slot on deployments (service, environment, created_at desc, id desc)',
    );
    await runner.query(`
      create table slot_states (
        slot_id uuid primary key references slots (id),
        fence integer not null,
        sequence integer not null,
        running_release_id uuid references releases (id),
        running_release_state text not null check (running_release_state in ('known', 'unknown', 'none')),
        running_sequence_key timestamptz(3),
        check ((running_release_state = 'known') = (running_release_id is not null))
      )`);
    await runner.query(`
      create table host_observations (
        slot_id uuid not null references slots (id),
        host text not null,
        digest text not null,
        observed_at timestamptz(3) not null,
        primary key (slot_id, host)
      )`);
    await runner.query(`
      create table events (
        id uuid primary key,
        position bigint generated always as identity unique,
        slot_id uuid not null references slots (id),
        type text not null,
        deployment_id uuid references deployments (id),
        data jsonb not null,
        created_at timestamptz(3) not null
      )`);
    await runner.query('create index events_of_slot on events (slot_id, position)');
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['events', 'host_observations', 'slot_states', 'deployments']) {
      await runner.query(`drop table ${table}`);
    }
  }
}
