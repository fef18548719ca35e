import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreatePlatform1795392000001 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE tokens (
        id uuid PRIMARY KEY,
        name text NOT NULL,
        role text NOT NULL CHECK (role IN ('viewer', 'reporter', 'deployer', 'operator', 'admin')),
        service text,
        sha256 bytea NOT NULL UNIQUE CHECK (length(sha256) = 32),
        created_at timestamptz(3) NOT NULL,
        expires_at timestamptz(3),
        revoked_at timestamptz(3)
      )`);
    await queryRunner.query(`CREATE INDEX tokens_valid ON tokens (created_at DESC, id DESC) WHERE revoked_at IS NULL`);
    await queryRunner.query(`
      CREATE TABLE audit_log (
        id uuid PRIMARY KEY,
        at timestamptz(3) NOT NULL,
        token_id uuid REFERENCES tokens (id) ON DELETE RESTRICT,
        actor text NOT NULL,
        action text NOT NULL,
        subject text NOT NULL,
        request_id text,
        before jsonb,
        after jsonb
      )`);
    await queryRunner.query(`CREATE INDEX audit_log_at ON audit_log (at DESC, id DESC)`);
    await queryRunner.query(`CREATE INDEX audit_log_subject ON audit_log (subject, at DESC, id DESC)`);
    await queryRunner.query(`CREATE INDEX audit_log_token ON audit_log (token_id)`);
    await queryRunner.query(`
      CREATE TABLE idempotent_replies (
        token_id uuid NOT NULL REFERENCES tokens (id) ON DELETE RESTRICT,
        method text NOT NULL,
        path text NOT NULL,
        key text NOT NULL,
        body_sha256 bytea NOT NULL,
        status smallint NOT NULL,
        body json NOT NULL,
        created_at timestamptz(3) NOT NULL,
        PRIMARY KEY (token_id, method, path, key)
      )`);
    await queryRunner.query(`CREATE INDEX idempotent_replies_created_at ON idempotent_replies (created_at)`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`DROP TABLE idempotent_replies`);
    await queryRunner.query(`DROP TABLE audit_log`);
    await queryRunner.query(`DROP TABLE tokens`);
  }
}
