import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Deployments of another tool, which have no fence, and the lines of an import that wait for its last one. */
export class ImportHistory1795392000052 implements MigrationInterface {
  name = 'ImportHistory1795392000052';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table deployments add column imported boolean not null default false');
    // Whether its slot had no deployment of its own by then: such a one says what the slot runs, and may go back to.
    await runner.query('alter table deployments add column leads boolean not null default false');
    // Unlogged: what a crash takes away belonged to an import that the crash has ended.
    await runner.query(`
      create unlogged table import_lines (
        import_id uuid not null,
        line integer not null,
        kind text not null check (kind in ('deployment', 'incident')),
        at timestamptz(3) not null,
        entry json not null,
        kept_at timestamptz(3) not null,
        primary key (import_id, line)
      )`);
    await runner.query('create index import_lines_in_order on import_lines (import_id, kind, at, line)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table import_lines');
    await runner.query('alter table deployments drop column leads, drop column imported');
  }
}
