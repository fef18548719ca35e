import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What was seen before a deployment says nothing about it; which came first must not hang on clocks. */
export class DateObservationsByFence1795392000017 implements MigrationInterface {
  name = 'DateObservationsByFence1795392000017';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table host_observations add column fence integer not null default 0');
    await runner.query(`
      update host_observations o set fence = coalesce(
        (select max(d.fence) from deployments d where d.slot_id = o.slot_id and d.deployed_at <= o.observed_at), 0)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table host_observations drop column fence');
  }
}
