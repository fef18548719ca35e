import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whoever appends to the outbox wakes who reads it, in the same transaction; and drift is told of once. */
export class AnnounceEvents1795392000041 implements MigrationInterface {
  name = 'AnnounceEvents1795392000041';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create function announce_events() returns trigger language plpgsql as $$
      begin
        perform pg_notify('events_appended', '');
        return null;
      end $$`);
    await runner.query(`
      create trigger announce_events after insert on events for each statement execute function announce_events()`);
    await runner.query(`
      create table slot_drifts (
        slot_id uuid primary key references slots (id),
        since timestamptz(3) not null
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table slot_drifts');
    await runner.query('drop trigger announce_events on events');
    await runner.query('drop function announce_events()');
  }
}
