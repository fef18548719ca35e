import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The expression and the condition stand in the query that attributes by window, word for word. */
const REACHED_HOSTS = `
  create index deployments_reached_hosts on deployments (service, environment, (coalesce(deployed_at, finished_at)) desc, fence desc)
  where deployed_at is not null or (state = 'failed' and hosts_changed is not false)`;

export class CreateIncidents1795392000040 implements MigrationInterface {
  name = 'CreateIncidents1795392000040';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table incidents (
        id uuid primary key,
        fingerprint text not null,
        starts_at timestamptz(3) not null,
        latest_starts_at timestamptz(3) not null check (latest_starts_at >= starts_at),
        ends_at timestamptz(3) check (ends_at >= starts_at),
        reopened_at timestamptz(3),
        title text not null,
        labels jsonb not null,
        service text,
        environment text,
        deployment_id uuid references deployments (id),
        attribution text not null check (attribution in ('label', 'window', 'manual', 'none')),
        created_at timestamptz(3) not null,
        unique (fingerprint, starts_at),
        check ((deployment_id is null) = (attribution = 'none'))
      )`);
    await runner.query('create index incidents_newest on incidents (created_at desc, id desc)');
    await runner.query(
      'create index incidents_newest_of_slot on incidents (service, environment, created_at desc, id desc)',
    );
    await runner.query('create index incidents_by_start on incidents (starts_at)');
    await runner.query('create index incidents_open on incidents (created_at desc, id desc) where ends_at is null');
    await runner.query(
      'create index incidents_of_deployment on incidents (deployment_id) where deployment_id is not null',
    );
    await runner.query(REACHED_HOSTS);
    await runner.query('create index deployments_of_release on deployments (release_id, environment, fence desc)');
    // An incident may be of no slot.
    await runner.query('alter table events alter column slot_id drop not null');
    await runner.query('alter table events add column incident_id uuid references incidents (id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('delete from events where slot_id is null or incident_id is not null');
    await runner.query('alter table events drop column incident_id');
    await runner.query('alter table events alter column slot_id set not null');
    for (const index of ['of_release', 'reached_hosts']) await runner.query(`drop index deployments_${index}`);
    await runner.query('drop table incidents');
  }
}
