import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Planted into an image by the execution of docs/playbooks/undo-a-bad-migration.md: the version before fails on it. */
export class PlantedBadMigration1999999999999 implements MigrationInterface {
  name = 'PlantedBadMigration1999999999999';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table services rename column description to explanation');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table services rename column explanation to description');
  }
}
