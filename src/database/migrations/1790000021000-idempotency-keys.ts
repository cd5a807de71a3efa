import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What was answered to requests with an `Idempotency-Key`. Access's. */
export class IdempotencyKeys1790000021000 implements MigrationInterface {
  readonly name = 'IdempotencyKeys1790000021000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE idempotency_keys (
        id uuid CONSTRAINT idempotency_keys_pkey PRIMARY KEY,
        caller_id text NOT NULL,
        key text NOT NULL,
        fingerprint bytea NOT NULL,
        claimed_until timestamptz NOT NULL,
        status integer,
        content_type text,
        body text,
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT idempotency_keys_caller_id_key_key UNIQUE (caller_id, key)
      )`);
    await runner.query('CREATE INDEX idempotency_keys_created_at_idx ON idempotency_keys (created_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE idempotency_keys');
  }
}
