import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A list of releases tells how many commits each has, and to count them it would have to read all of them. Null is what
 * the version before this one puts: whoever reads it counts.
 */
export class CountCommits1795392000010 implements MigrationInterface {
  name = 'CountCommits1795392000010';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table releases add column commit_count integer');
    await runner.query('update releases set commit_count = json_array_length(commits)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table releases drop column commit_count');
  }
}
