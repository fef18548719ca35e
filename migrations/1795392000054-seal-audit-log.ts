import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who changes an entry of the audit log, or removes one, is found out by the seals. */
export class SealAuditLog1795392000054 implements MigrationInterface {
  name = 'SealAuditLog1795392000054';

  async up(runner: QueryRunner): Promise<void> {
    // By the clock of the database, which all writers share. Entries from before have none: so the table is not rewritten.
    await runner.query('alter table audit_log add column written_at timestamptz');
    await runner.query('alter table audit_log alter column written_at set default clock_timestamp()');
    await runner.query(`
      create table audit_seals (
        number integer primary key,
        from_at timestamptz,
        to_at timestamptz,
        ids uuid[] not null,
        hashes bytea[] not null,
        chain bytea not null,
        sealed_at timestamptz(3) not null
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table audit_seals');
    await runner.query('alter table audit_log drop column written_at');
  }
}
