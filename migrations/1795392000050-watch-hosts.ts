import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When the hosts of a slot were asked last which release they run; and which slots want that. */
export class WatchHosts1795392000050 implements MigrationInterface {
  name = 'WatchHosts1795392000050';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table host_watches (
        slot_id uuid primary key references slots (id),
        asked_at timestamptz(3) not null
      )`);
    await runner.query(`
      create index gate_specifications_watch on gate_specifications (slot_id)
        where specification -> 'identity' ->> 'watch' = 'true'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index gate_specifications_watch');
    await runner.query('drop table host_watches');
  }
}
