import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type EntityManager, Raw, type Repository } from 'typeorm';
import type { LastError } from '../../common/last-error';
import { sql } from '../../database/sql';
import type { CallbackOutcome } from './connect-session.types';
import { ConnectSessionEntity } from './connect-session.entity';

/** A claim lasts so long unless it is renewed: when its process dies, another one goes on within 20 s. */
const CLAIM_SECONDS = 15;

/** Sessions are kept for so long after their end, so that whoever comes late can read what happened. */
const KEPT_HOURS = 24;

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

  find(
    by: { id: string } | { tokenHash: Buffer } | { stateHash: Buffer },
  ): Promise<ConnectSessionEntity | null> {
    return this.sessions.findOneBy(by);
  }

  /** By the clock that has set its end, and not by this machine's. */
  hasExpired(id: string): Promise<boolean> {
    return this.sessions.existsBy({ id, expiresAt: Raw((column) => `${column} <= now()`) });
  }

  /**
   * Keeps other callbacks of the session away, unless one is at it, or it is no longer open.
   *
   * @param code the hash of the authorization code
   * @param holder who claims
   */
  async claim(id: string, code: string, holder: string): Promise<boolean> {
    const rows = await sql(
      this.sessions.manager,
      `UPDATE connect_sessions SET claimed_by = $3, claimed_until = now() + $4 * interval '1 second'
       WHERE id = $1 AND completed_at IS NULL AND expires_at > now() AND outcomes -> $2 IS NULL
         AND (claimed_until IS NULL OR claimed_until < now())
       RETURNING id`,
      [id, code, holder, CLAIM_SECONDS],
    );
    return rows.length > 0;
  }

  async renew(id: string, holder: string): Promise<void> {
    await sql(
      this.sessions.manager,
      `UPDATE connect_sessions SET claimed_until = now() + $3 * interval '1 second' WHERE id = $1 AND claimed_by = $2`,
      [id, holder, CLAIM_SECONDS],
    );
  }

  /** A callback did not succeed: its answer is kept, and the link can be used again, with another code. */
  async fail(id: string, code: string, holder: string, error: LastError): Promise<void> {
    const outcome: CallbackOutcome = { error: error.code };
    await sql(
      this.sessions.manager,
      `UPDATE connect_sessions SET claimed_by = NULL, claimed_until = NULL, last_error = $5::json,
         outcomes = outcomes || jsonb_build_object($2::text, $4::jsonb)
       WHERE id = $1 AND claimed_by = $3`,
      [id, code, holder, JSON.stringify(outcome), JSON.stringify(error)],
    );
  }

  /** While the link is open: afterwards anybody may come with anything, and what it led to stands. */
  async recordError(id: string, error: LastError): Promise<void> {
    await sql(
      this.sessions.manager,
      `UPDATE connect_sessions SET last_error = $2::json WHERE id = $1 AND completed_at IS NULL AND expires_at > now()`,
      [id, JSON.stringify(error)],
    );
  }

  /** @returns false when the claim is lost */
  async complete(
    manager: EntityManager,
    id: string,
    code: string,
    holder: string,
    outcome: CallbackOutcome,
  ): Promise<boolean> {
    const rows = await sql(
      manager,
      `UPDATE connect_sessions SET claimed_by = NULL, claimed_until = NULL, completed_at = now(),
         outcomes = outcomes || jsonb_build_object($2::text, $4::jsonb)
       WHERE id = $1 AND claimed_by = $3 AND completed_at IS NULL RETURNING id`,
      [id, code, holder, JSON.stringify(outcome)],
    );
    return rows.length > 0;
  }

  async sweep(): Promise<void> {
    await this.sessions.delete({
      expiresAt: Raw((column) => `${column} < now() - interval '${KEPT_HOURS} hours'`),
    });
  }
}
