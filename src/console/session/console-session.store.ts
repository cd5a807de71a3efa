import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Scope } from '../../access/key/scope';
import { sql } from '../../database/sql';

export const SESSION_HOURS = 12;

export interface NewSession {
  tokenDigest: Buffer;
  keyId: string;
  keyDigest: Buffer;
}

/** A session that has not ended, with what its key is now. */
export interface SessionRow {
  keyId: string;
  keyDigest: Buffer;
  /** Null for the API_KEY of the settings. */
  name: string | null;
  scopes: Scope[] | null;
}

/** Neither ended nor expired, and its key neither revoked nor expired. */
const LIVE = `session.expires_at > now() AND (session.key_id = 'bootstrap'
  OR key.id IS NOT NULL AND key.revoked_at IS NULL AND (key.expires_at IS NULL OR key.expires_at > now()))`;

/** Who is signed in. All replicas read the same rows, and remember none of them. */
@Injectable()
export class ConsoleSessionStore {
  constructor(private readonly dataSource: DataSource) {}

  /** Adds a session, and removes those that are over. */
  async insert({ tokenDigest, keyId, keyDigest }: NewSession): Promise<void> {
    await sql(
      this.dataSource,
      `WITH over AS (DELETE FROM console_sessions WHERE expires_at <= now())
       INSERT INTO console_sessions (token_digest, key_id, key_digest, expires_at)
       VALUES ($1, $2, $3, now() + interval '${SESSION_HOURS} hours')`,
      [tokenDigest, keyId, keyDigest],
    );
  }

  async find(tokenDigest: Buffer): Promise<SessionRow | undefined> {
    const [row] = await sql<SessionRow>(
      this.dataSource,
      `SELECT session.key_id AS "keyId", session.key_digest AS "keyDigest", key.name, key.scopes
       FROM console_sessions session LEFT JOIN api_keys key ON key.id = session.key_id
       WHERE session.token_digest = $1 AND ${LIVE}`,
      [tokenDigest],
    );
    return row;
  }

  /** Those of the sessions that have not ended. */
  async live(tokenDigests: readonly Buffer[]): Promise<Buffer[]> {
    const rows = await sql<{ tokenDigest: Buffer }>(
      this.dataSource,
      `SELECT session.token_digest AS "tokenDigest"
       FROM console_sessions session LEFT JOIN api_keys key ON key.id = session.key_id
       WHERE session.token_digest = ANY ($1) AND ${LIVE}`,
      [tokenDigests],
    );
    return rows.map(({ tokenDigest }) => tokenDigest);
  }

  async delete(tokenDigest: Buffer): Promise<void> {
    await sql(this.dataSource, 'DELETE FROM console_sessions WHERE token_digest = $1', [tokenDigest]);
  }
}
