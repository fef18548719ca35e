import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES = ['audit_log', 'idempotent_replies'];

/** Whoever has a token of an issuer has no row in tokens: what they did is kept under an id of their identity. */
export class LetIssuersAct1795392000032 implements MigrationInterface {
  name = 'LetIssuersAct1795392000032';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await runner.query(`alter table ${table} drop constraint ${table}_token_id_fkey`);
  }

  async down(runner: QueryRunner): Promise<void> {
    const isNobodys = 'token_id is not null and not exists (select from tokens where id = token_id)';
    await runner.query(`delete from idempotent_replies where ${isNobodys}`);
    await runner.query(`update audit_log set token_id = null where ${isNobodys}`);
    for (const table of TABLES) {
      await runner.query(
        `alter table ${table} add constraint ${table}_token_id_fkey foreign key (token_id) references tokens (id) on delete restrict`,
      );
    }
  }
}
