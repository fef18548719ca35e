import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateReleases1795392000003 implements MigrationInterface {
  name = 'CreateReleases1795392000003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table releases (
        id uuid primary key,
        service text not null references services (slug),
        digest text not null,
        version text not null,
        git_sha text not null,
        built_at timestamptz(3),
        commits json not null,
        created_at timestamptz(3) not null,
        unique (service, digest)
      )`);
    await runner.query('create index releases_newest on releases (service, created_at desc, id desc)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table releases');
  }
}
