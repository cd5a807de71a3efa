import type { MigrationInterface, QueryRunner } from 'typeorm';

/** API keys, besides that of the settings. Access's. */
export class ApiKeys1790000020000 implements MigrationInterface {
  readonly name = 'ApiKeys1790000020000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE api_keys (
        id text CONSTRAINT api_keys_pkey PRIMARY KEY,
        name text NOT NULL,
        digest bytea NOT NULL CONSTRAINT api_keys_digest_key UNIQUE,
        hint text NOT NULL,
        scopes text[] NOT NULL
          CONSTRAINT api_keys_scopes_check CHECK (scopes <@ ARRAY['read', 'write', 'admin']),
        created_at timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz,
        last_used_at timestamptz,
        revoked_at timestamptz
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE api_keys');
  }
}
