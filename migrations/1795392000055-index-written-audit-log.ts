import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A seal is of the entries that were written in its time. */
export class IndexWrittenAuditLog1795392000055 implements MigrationInterface {
  name = 'IndexWrittenAuditLog1795392000055';
  /** Everything that is changed is written to the log: it must not wait for an index. */
  transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    // One that was interrupted has left an index that is not valid.
    await runner.query('drop index concurrently if exists audit_log_written');
    await runner.query('create index concurrently audit_log_written on audit_log (written_at, id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    // TypeORM undoes every migration inside a transaction. This one takes no time.
    await runner.query('drop index if exists audit_log_written');
  }
}
