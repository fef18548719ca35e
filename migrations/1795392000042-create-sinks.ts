import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What goes to a sink is decided where the event is written, in its transaction: nothing can be overtaken or left out. */
const DELIVER = `
  create or replace function announce_events() returns trigger language plpgsql as $$
  begin
    insert into event_deliveries (sink, position, order_key, created_at)
    select sinks.name, added.position, coalesce(added.slot_id, added.incident_id, added.id), added.created_at
    from added join sinks on sinks.is_configured
      and (added.type <> 'sink.test' or sinks.name = added.data ->> 'sink');
    perform pg_notify('events_appended', '');
    return null;
  end $$`;

export class CreateSinks1795392000042 implements MigrationInterface {
  name = 'CreateSinks1795392000042';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table sinks (
        name text primary key,
        kind text not null,
        is_configured boolean not null,
        failures integer not null default 0,
        paused_until timestamptz(3),
        leased_by uuid,
        leased_until timestamptz(3),
        last_success timestamptz(3),
        last_error text
      )`);
    await runner.query(`
      create table event_deliveries (
        sink text not null references sinks (name),
        position bigint not null references events (position) on delete cascade,
        order_key uuid not null,
        attempts integer not null default 0,
        created_at timestamptz(3) not null,
        dead_at timestamptz(3),
        last_error text,
        primary key (sink, position)
      )`);
    await runner.query(
      'create index event_deliveries_pending on event_deliveries (sink, position) where dead_at is null',
    );
    // Retention deletes by position.
    await runner.query('create index event_deliveries_of_event on event_deliveries (position)');
    await runner.query(DELIVER);
    await runner.query('drop trigger announce_events on events');
    await runner.query(`
      create trigger announce_events after insert on events referencing new table as added
      for each statement execute function announce_events()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop trigger announce_events on events');
    await runner.query(`
      create or replace function announce_events() returns trigger language plpgsql as $$
      begin
        perform pg_notify('events_appended', '');
        return null;
      end $$`);
    await runner.query(`
      create trigger announce_events after insert on events for each statement execute function announce_events()`);
    for (const table of ['event_deliveries', 'sinks']) await runner.query(`drop table ${table}`);
  }
}
