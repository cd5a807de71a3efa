import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type EntityManager, IsNull, LessThan, type Repository } from 'typeorm';
import { newId } from '../../common/id';
import { Keyring, UndecipherableError } from '../../common/keyring';
import { ServerSettings } from '../../config/settings';
import { EncryptedTables } from '../../encryption/encrypted-tables';
import { sql } from '../../database/sql';
import { ConnectError } from './connect.error';
import { ConnectSessionEntity } from './connect-session.entity';
import type {
  ConnectSession,
  ConnectSessionLife,
  ConnectSessionRequest,
  ConnectSessionView,
} from './connect-session.types';

/** Longer than one callback lasts; if its process dies, the link can be used again after this (seconds). */
const CLAIM_SECONDS = 60;

const secret = () => randomBytes(32).toString('base64url');
const hash = (text: string) => createHash('sha256').update(text).digest();
const LIVES_FOR = () => `now() + interval '15 minutes'`;

/** Owns the one-time links: made, found, claimed by one callback at a time, completed once. */
@Injectable()
export class ConnectSessionService {
  constructor(
    @InjectRepository(ConnectSessionEntity) private readonly sessions: Repository<ConnectSessionEntity>,
    private readonly keyring: Keyring,
    private readonly server: ServerSettings,
    encrypted: EncryptedTables,
  ) {
    encrypted.add({
      name: 'connect sessions',
      table: 'connect_sessions',
      id: 'id',
      owner: 'id',
      columns: ['state', 'code_verifier'],
      inUse: 'completed_at IS NULL AND expires_at > now()',
    });
  }

  async create(request: ConnectSessionRequest): Promise<ConnectSessionView> {
    await this.sweep();
    const [id, token, state] = [newId('cns'), secret(), secret()];
    await this.sessions.insert({
      ...request,
      id,
      tokenHash: hash(token),
      stateHash: hash(state),
      state: this.keyring.encrypt(state, id),
      codeVerifier: this.keyring.encrypt(secret(), id),
      expiresAt: LIVES_FOR,
    });
    const { expiresAt } = await this.sessions.findOneByOrFail({ id });
    return { id, url: `${this.server.publicUrl}/connect/${token}`, expiresAt: expiresAt.toISOString() };
  }

  byToken(token: string): Promise<ConnectSession | undefined> {
    return this.find({ tokenHash: hash(token) });
  }

  byState(state: string): Promise<ConnectSession | undefined> {
    return this.find({ stateHash: hash(state) });
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

  /** @throws ConnectError `session_used` when another callback has completed it, which undoes the transaction */
  async complete(manager: EntityManager, id: string): Promise<void> {
    const { affected } = await manager.update(
      ConnectSessionEntity,
      { id, completedAt: IsNull() },
      { completedAt: () => 'now()' },
    );
    if (!affected) throw new ConnectError('session_used');
  }

  private async find(by: { tokenHash: Buffer } | { stateHash: Buffer }): Promise<ConnectSession | undefined> {
    const row = await this.sessions.findOneBy(by);
    if (!row) return undefined;
    const secrets = this.open(row);
    const life = lifeOf(row, new Date());
    return {
      id: row.id,
      life: secrets || life === 'used' ? life : 'expired',
      state: secrets?.state ?? '',
      codeVerifier: secrets?.codeVerifier ?? '',
      redirectUrl: row.redirectUrl ?? undefined,
      externalId: row.externalId ?? undefined,
      loginHint: row.loginHint ?? undefined,
      ...(row.labelIds && { labelIds: row.labelIds }),
      ...(row.labelFilterBehavior && { labelFilterBehavior: row.labelFilterBehavior }),
    };
  }

  /** Undefined when their key was taken out: a link that leads nowhere any more is as good as expired. */
  private open({ id, state, codeVerifier }: ConnectSessionEntity) {
    try {
      return { state: this.keyring.decrypt(state, id), codeVerifier: this.keyring.decrypt(codeVerifier, id) };
    } catch (error) {
      if (error instanceof UndecipherableError) return undefined;
      throw error;
    }
  }

  /** Sessions are kept for a day, to tell who comes late what happened. */
  private async sweep(): Promise<void> {
    await this.sessions.delete({ expiresAt: LessThan(new Date(Date.now() - 24 * 3_600_000)) });
  }
}

function lifeOf({ completedAt, expiresAt }: ConnectSessionEntity, now: Date): ConnectSessionLife {
  if (completedAt) return 'used';
  return expiresAt <= now ? 'expired' : 'open';
}
