import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What shadow gates would have said of a deployment, beside what was decided. */
export class KeepShadowVerdicts1795392000020 implements MigrationInterface {
  name = 'KeepShadowVerdicts1795392000020';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table deployments add column shadow_verdict jsonb');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table deployments drop column shadow_verdict');
  }
}
