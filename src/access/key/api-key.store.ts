import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { MoreThan, type Repository } from 'typeorm';
import { sql } from '../../database/sql';
import { ApiKeyEntity } from './api-key.entity';
import type { Scope } from './scope';

/** A key with which somebody may come in. */
export interface LiveKey {
  id: string;
  scopes: Scope[];
  expiresAt: Date | null;
}

/** The API keys in the database. */
@Injectable()
export class ApiKeyStore {
  constructor(@InjectRepository(ApiKeyEntity) private readonly keys: Repository<ApiKeyEntity>) {}

  async insert(
    row: Pick<ApiKeyEntity, 'id' | 'name' | 'digest' | 'hint' | 'scopes' | 'expiresAt'>,
  ): Promise<ApiKeyEntity> {
    await this.keys.insert(row);
    return this.keys.findOneByOrFail({ id: row.id });
  }

  get(id: string): Promise<ApiKeyEntity | null> {
    return this.keys.findOneBy({ id });
  }

  list(after: string, limit: number): Promise<ApiKeyEntity[]> {
    return this.keys.find({ where: { id: MoreThan(after) }, order: { id: 'ASC' }, take: limit });
  }

  /** Those that are neither revoked nor expired, each in the place of its digest. */
  async findLive(digests: Buffer[]): Promise<(LiveKey | undefined)[]> {
    const rows = await sql<LiveKey & { digest: Buffer }>(
      this.keys.manager,
      `SELECT digest, id, scopes, expires_at AS "expiresAt" FROM api_keys
       WHERE digest = ANY ($1) AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())`,
      [digests],
    );
    return digests.map((digest) => rows.find((row) => row.digest.equals(digest)));
  }

  /** Revokes the key unless it is already, and reports it to every replica, at the commit: here none may be missed. False when there is none. */
  async revoke(id: string): Promise<boolean> {
    const rows = await sql(
      this.keys.manager,
      `WITH revoked AS (
         UPDATE api_keys SET revoked_at = now() WHERE id = $1 AND revoked_at IS NULL RETURNING id
       ), reported AS (SELECT pg_notify('inboxwire_api_keys', '') FROM revoked)
       SELECT id FROM api_keys LEFT JOIN reported ON true WHERE id = $1`,
      [id],
    );
    return rows.length > 0;
  }

  /** Records that keys were used now; once a minute for each, whichever replicas they are used on. */
  async markUsed(ids: string[]): Promise<void> {
    await sql(
      this.keys.manager,
      `UPDATE api_keys SET last_used_at = now() WHERE id IN (
         SELECT id FROM api_keys
         WHERE id = ANY ($1) AND (last_used_at IS NULL OR last_used_at <= now() - interval '1 minute')
         FOR NO KEY UPDATE SKIP LOCKED)`,
      [ids],
    );
  }
}
