import type { MigrationInterface, QueryRunner } from 'typeorm';

const INDEXES = { audit_log_actor: 'actor, at desc, id desc', audit_log_action: 'action, at desc, id desc' };

/** Whoever asks what somebody did, or who did something, gets an answer however long the log is. */
export class IndexAuditLog1795392000031 implements MigrationInterface {
  name = 'IndexAuditLog1795392000031';
  /** Everything that is changed is written to the log: it must not wait for an index. */
  transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    for (const [name, columns] of Object.entries(INDEXES)) {
      // One that was interrupted has left an index that is not valid.
      await runner.query(`drop index concurrently if exists ${name}`);
      await runner.query(`create index concurrently ${name} on audit_log (${columns})`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    // TypeORM undoes every migration inside a transaction. This one takes no time.
    for (const name of Object.keys(INDEXES)) await runner.query(`drop index if exists ${name}`);
  }
}
