import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How often engines failed with a gate run, so that one that kills them is put aside and the others go on. */
export class CountFailuresOfGateRuns1795392000013 implements MigrationInterface {
  name = 'CountFailuresOfGateRuns1795392000013';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table gate_runs add column failures integer not null default 0');
    // Beside gate_runs_free, in whose order the version before takes runs; both hold only what nobody watches.
    await runner.query(
      'create index gate_runs_to_take on gate_runs (failures, deployed_at) where engine_id is null and ended_at is null',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index gate_runs_to_take');
    await runner.query('alter table gate_runs drop column failures');
  }
}
