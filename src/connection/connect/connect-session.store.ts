import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type EntityManager, IsNull, LessThan, type Repository } from 'typeorm';
import { sql } from '../../database/sql';
import { ConnectSessionEntity } from './connect-session.entity';

/** Longer than one callback lasts; if its process dies, the link can be used again after this (seconds). */
const CLAIM_SECONDS = 60;

/** Sessions are kept for so long (ms) after their end, to tell who comes late what happened. */
const KEPT_MS = 24 * 3_600_000;

const LIVES_FOR = () => `now() + interval '15 minutes'`;

export type NewConnectSession = Partial<ConnectSessionEntity> &
  Pick<ConnectSessionEntity, 'id' | 'tokenHash' | 'stateHash' | 'state' | 'codeVerifier'>;

/** The rows of the one-time links. */
@Injectable()
export class ConnectSessionStore {
  constructor(
    @InjectRepository(ConnectSessionEntity) private readonly sessions: Repository<ConnectSessionEntity>,
  ) {}

  /** @returns when the session expires */
  async insert(session: NewConnectSession): Promise<Date> {
    await this.sessions.insert({ ...session, expiresAt: LIVES_FOR });
    return (await this.sessions.findOneByOrFail({ id: session.id })).expiresAt;
  }

  find(by: { tokenHash: Buffer } | { stateHash: Buffer }): Promise<ConnectSessionEntity | null> {
    return this.sessions.findOneBy(by);
  }

  /** Keeps other callbacks of the session away. False when one is at it, or it is no longer open. */
  async claim(id: string): Promise<boolean> {
    const rows = await sql(
      this.sessions.manager,
      `UPDATE connect_sessions SET claimed_until = now() + $2 * interval '1 second'
       WHERE id = $1 AND completed_at IS NULL AND expires_at > now()
         AND (claimed_until IS NULL OR claimed_until < now())
       RETURNING id`,
      [id, CLAIM_SECONDS],
    );
    return rows.length > 0;
  }

  /** Lets the link be used again, after a callback that did not succeed. */
  async release(id: string): Promise<void> {
    await this.sessions.update({ id }, { claimedUntil: null });
  }

  /** @returns false when another callback has completed it already */
  async complete(manager: EntityManager, id: string): Promise<boolean> {
    const { affected } = await manager.update(
      ConnectSessionEntity,
      { id, completedAt: IsNull() },
      { completedAt: () => 'now()' },
    );
    return affected === 1;
  }

  async sweep(): Promise<void> {
    await this.sessions.delete({ expiresAt: LessThan(new Date(Date.now() - KEPT_MS)) });
  }
}
