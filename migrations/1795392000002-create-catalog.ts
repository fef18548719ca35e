import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateCatalog1795392000002 implements MigrationInterface {
  name = 'CreateCatalog1795392000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table environments (
        slug text primary key,
        tier text not null check (tier in ('development', 'staging', 'production')),
        description text not null,
        created_at timestamptz(3) not null,
        updated_at timestamptz(3) not null
      )`);
    await runner.query(`
      create table services (
        slug text primary key,
        description text not null,
        repository text,
        owner text,
        created_at timestamptz(3) not null,
        updated_at timestamptz(3) not null
      )`);
    await runner.query(`
      create table slots (
        id uuid primary key,
        service text not null references services (slug),
        environment text not null references environments (slug),
        hosts json,
        created_at timestamptz(3) not null,
        updated_at timestamptz(3) not null,
        unique (service, environment)
      )`);
    await runner.query('create index slots_environment on slots (environment)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table slots');
    await runner.query('drop table services');
    await runner.query('drop table environments');
  }
}
