import type { MigrationInterface, QueryRunner } from 'typeorm';

/** An event that a sink did not take holds up its own slot, and no other. */
export class LetSlotsWaitByThemselves1795392000051 implements MigrationInterface {
  name = 'LetSlotsWaitByThemselves1795392000051';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table event_deliveries add column not_before timestamptz(3)');
    await runner.query(`
      create index event_deliveries_not_before on event_deliveries (sink, not_before)
        where not_before is not null and dead_at is null`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table event_deliveries drop column not_before');
  }
}
