import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateRuntimeConfig1795392000006 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE runtime_config (
        is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
        revision integer NOT NULL DEFAULT 0,
        overrides jsonb NOT NULL DEFAULT '{}',
        changed_at timestamptz(3)
      )`);
    await queryRunner.query(`INSERT INTO runtime_config DEFAULT VALUES`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE runtime_config`);
  }
}
