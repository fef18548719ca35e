import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Planned freezes: windows, and weekly windows by the clocks of a time zone. */
export class CreateFreezes1795392000030 implements MigrationInterface {
  name = 'CreateFreezes1795392000030';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table freezes (
        id uuid primary key,
        environment text references environments (slug),
        service text references services (slug),
        starts_at timestamptz(3),
        ends_at timestamptz(3),
        weekly jsonb,
        reason text not null,
        actor text not null,
        created_at timestamptz(3) not null,
        check (case when weekly is null then starts_at < ends_at and starts_at is not null and ends_at is not null
          else starts_at is null and ends_at is null end)
      )`);
    // There are a few hundred at most that are not over. Those that are over are found, and deleted, by this one.
    await runner.query('create index freezes_ends_at on freezes (ends_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table freezes');
  }
}
