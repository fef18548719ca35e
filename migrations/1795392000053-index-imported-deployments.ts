import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The newest imported deployment that reached its hosts says what the slot runs. The expression is that of its query. */
const COLUMNS = 'slot_id, (coalesce(deployed_at, finished_at)) desc, id desc';

export class IndexImportedDeployments1795392000053 implements MigrationInterface {
  name = 'IndexImportedDeployments1795392000053';
  /** Nobody's deployment waits for an index. */
  transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    // One that was interrupted has left an index that is not valid.
    await runner.query('drop index concurrently if exists deployments_leading');
    await runner.query(`create index concurrently deployments_leading on deployments (${COLUMNS}) where leads`);
  }

  async down(runner: QueryRunner): Promise<void> {
    // TypeORM undoes every migration inside a transaction. This one takes no time.
    await runner.query('drop index if exists deployments_leading');
  }
}
