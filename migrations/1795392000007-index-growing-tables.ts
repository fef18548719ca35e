import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is asked of tables that only grow must not take longer as they do. */
export class IndexGrowingTables1795392000007 implements MigrationInterface {
  name = 'IndexGrowingTables1795392000007';

  async up(runner: QueryRunner): Promise<void> {
    // No fence is given twice, whatever the code believes; and the newest is found at once.
    await runner.query(
      'create unique index deployments_fence on deployments (slot_id, fence desc) where fence is not null',
    );
    await runner.query(
      `create index deployments_promoted_release on deployments (slot_id, release_id, sequence desc) where state = 'promoted'`,
    );
    await runner.query('create index deployments_newest_of_service on deployments (service, created_at desc, id desc)');
    // Serves the foreign key too, which is asked whenever an engine leaves: for that it must not speak of ended_at.
    await runner.query('create index gate_runs_of_engine on gate_runs (engine_id) where engine_id is not null');
    await runner.query('drop index gate_runs_watched');
    await runner.query('alter table gate_runs add column measurements_kept boolean not null default true');
    await runner.query('create index gate_runs_kept on gate_runs (ended_at) where measurements_kept');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table gate_runs drop column measurements_kept');
    await runner.query('create index gate_runs_watched on gate_runs (engine_id) where ended_at is null');
    await runner.query('drop index gate_runs_of_engine');
    for (const index of ['newest_of_service', 'promoted_release', 'fence']) {
      await runner.query(`drop index deployments_${index}`);
    }
  }
}
