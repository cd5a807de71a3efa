import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { isId, newId } from '../../common/id';
import { NotFoundError } from '../../common/inboxwire.error';
import { Keyring, UndecipherableError } from '../../common/keyring';
import { ServerSettings } from '../../config/settings';
import { EncryptedTables } from '../../encryption/encrypted-tables';
import { MailboxReferenceService } from '../../mailbox/mailbox-reference.service';
import type { ConnectError } from '../connection.errors';
import { BackfillService } from '../../sync/backfill/backfill.service';
import type { ConnectSessionEntity } from './connect-session.entity';
import { ConnectSessionStore } from './connect-session.store';
import type {
  ConnectSession,
  ConnectSessionLife,
  ConnectSessionRequest,
  ConnectSessionView,
  NewConnectSessionView,
} from './connect-session.types';
import { signingSecret } from './redirect-signature';

const secret = () => randomBytes(32).toString('base64url');
const hash = (text: string) => createHash('sha256').update(text).digest();

/** Owns the one-time links: made and found. */
@Injectable()
export class ConnectSessionService {
  /** Six: what a link asks for is checked by those who will do it. */
  constructor(
    private readonly store: ConnectSessionStore,
    private readonly keyring: Keyring,
    private readonly server: ServerSettings,
    private readonly mailboxes: MailboxReferenceService,
    private readonly backfills: BackfillService,
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

  /** @throws ValidationFailedError when no mailbox of that id can be connected; InvalidValueError for a time that is not allowed */
  async create({ backfillSince, ...request }: ConnectSessionRequest): Promise<NewConnectSessionView> {
    await this.mailboxes.requireNotErased('mailboxId', request.mailboxId);
    const since = backfillSince && this.backfills.readSince('backfillSince', backfillSince);
    await this.store.sweep();
    const [id, token, state, codeVerifier] = [newId('cns'), secret(), secret(), secret()];
    const expiresAt = await this.store.insert({
      ...request,
      ...(since && { backfillSince: since }),
      id,
      tokenHash: hash(token),
      stateHash: hash(state),
      state: this.keyring.encrypt(state, id),
      codeVerifier: this.keyring.encrypt(codeVerifier, id),
    });
    return {
      id,
      url: `${this.server.publicUrl}/connect/${token}`,
      secret: signingSecret(codeVerifier),
      expiresAt: expiresAt.toISOString(),
    };
  }

  /** @throws NotFoundError also when it ended more than a day ago */
  async get(id: string): Promise<ConnectSessionView> {
    const row = isId('cns', id) ? await this.store.find({ id }) : null;
    if (!row) throw new NotFoundError('connect session', id);
    const { externalId, redirectUrl, lastError } = row;
    return {
      id,
      status: await this.lifeOf(row),
      mailboxId: Object.values(row.outcomes).find((outcome) => 'mailboxId' in outcome)?.mailboxId ?? null,
      lastError,
      externalId,
      redirectUrl,
      createdAt: row.createdAt.toISOString(),
      expiresAt: row.expiresAt.toISOString(),
      usedAt: row.completedAt?.toISOString() ?? null,
    };
  }

  /** Remembers how a try has failed. */
  recordError(id: string, error: ConnectError): Promise<void> {
    return this.store.recordError(id, error.asLastError());
  }

  byToken(token: string): Promise<ConnectSession | undefined> {
    return this.find({ tokenHash: hash(token) });
  }

  byState(state: string): Promise<ConnectSession | undefined> {
    return this.find({ stateHash: hash(state) });
  }

  private async find(by: { tokenHash: Buffer } | { stateHash: Buffer }): Promise<ConnectSession | undefined> {
    const row = await this.store.find(by);
    if (!row) return undefined;
    const secrets = this.open(row);
    const life = await this.lifeOf(row);
    return {
      id: row.id,
      life: secrets || life === 'used' ? life : 'expired',
      state: secrets?.state ?? '',
      codeVerifier: secrets?.codeVerifier ?? '',
      redirectUrl: row.redirectUrl ?? undefined,
      externalId: row.externalId ?? undefined,
      loginHint: row.loginHint ?? undefined,
      expectedEmailAddress: row.expectedEmailAddress ?? undefined,
      mailboxId: row.mailboxId ?? undefined,
      ...(row.backfillSince && { backfillSince: row.backfillSince.toISOString() }),
      ...(row.labelIds && { labelIds: row.labelIds }),
      ...(row.labelFilterBehavior && { labelFilterBehavior: row.labelFilterBehavior }),
    };
  }

  private async lifeOf({ id, completedAt }: ConnectSessionEntity): Promise<ConnectSessionLife> {
    if (completedAt) return 'used';
    return (await this.store.hasExpired(id)) ? 'expired' : 'open';
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
}
