import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When Plimsoll was last there to be told something, and when it was not: by this leases and holds run out. */
export class CreateOutages1795392000018 implements MigrationInterface {
  name = 'CreateOutages1795392000018';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table presence (
        only_row boolean primary key default true check (only_row),
        seen_at timestamptz(3) not null
      )`);
    await runner.query(`
      create table outages (
        ended_at timestamptz(3) primary key,
        began_at timestamptz(3) not null check (began_at < ended_at)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['outages', 'presence']) await runner.query(`drop table ${table}`);
  }
}
