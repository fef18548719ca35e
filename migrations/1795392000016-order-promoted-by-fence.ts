import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The last known good is the promoted deployment with the highest fence: times come from the clocks of the instances. */
export class OrderPromotedByFence1795392000016 implements MigrationInterface {
  name = 'OrderPromotedByFence1795392000016';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('drop index deployments_promoted');
    await runner.query(
      `create index deployments_promoted on deployments (slot_id, fence desc) where state = 'promoted'`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index deployments_promoted');
    await runner.query(
      `create index deployments_promoted on deployments (slot_id, finished_at desc, sequence desc) where state = 'promoted'`,
    );
  }
}
