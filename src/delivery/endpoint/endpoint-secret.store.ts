import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Keyring, UndecipherableError } from '../../common/keyring';
import { EncryptedTables } from '../../encryption/encrypted-tables';
import { EndpointSecretUnreadableError, TooManySecretsError } from '../delivery.errors';
import { sql, type SqlExecutor } from '../../database/sql';

/** Within the 24 to 64 bytes that Standard Webhooks asks for. */
const SECRET_BYTES = 32;

/** How many secrets of an endpoint sign at once. */
const MAX_SECRETS = 5;

/** How many opened secrets are remembered. */
const MAX_OPENED = 1_000;

/** The signing secrets of endpoints: shown once, stored encrypted, opened for an attempt. */
@Injectable()
export class EndpointSecretStore {
  /** By their endpoint and their encrypted text. */
  private readonly opened = new Map<string, string>();

  constructor(
    private readonly keyring: Keyring,
    encrypted: EncryptedTables,
  ) {
    encrypted.add({
      name: 'endpoint secrets',
      table: 'endpoint_secrets',
      id: 'id',
      owner: 'endpoint_id',
      columns: ['secret'],
      inUse: '(expires_at IS NULL OR expires_at > now())',
    });
  }

  /** @returns the new secret, as the receiver needs it */
  async create(on: SqlExecutor, endpointId: string): Promise<string> {
    const secret = `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;
    await sql(on, 'INSERT INTO endpoint_secrets (endpoint_id, secret) VALUES ($1, $2)', [
      endpointId,
      this.keyring.encrypt(secret, endpointId),
    ]);
    return secret;
  }

  /**
   * A new secret. Those before it expire, each a day after it was replaced. For one caller at a time.
   *
   * @param force ends the oldest when too many sign already
   * @returns it, as the receiver needs it
   * @throws TooManySecretsError
   */
  async rotate(on: SqlExecutor, endpointId: string, force: boolean): Promise<string> {
    await sql(on, 'DELETE FROM endpoint_secrets WHERE endpoint_id = $1 AND expires_at <= now()', [
      endpointId,
    ]);
    await this.makeRoom(on, endpointId, force);
    await sql(
      on,
      `UPDATE endpoint_secrets SET expires_at = now() + interval '24 hours'
       WHERE endpoint_id = $1 AND expires_at IS NULL`,
      [endpointId],
    );
    return this.create(on, endpointId);
  }

  private async makeRoom(on: SqlExecutor, endpointId: string, force: boolean): Promise<void> {
    const secrets = await sql<{ id: string; expires_at: Date | null }>(
      on,
      'SELECT id, expires_at FROM endpoint_secrets WHERE endpoint_id = $1 ORDER BY id',
      [endpointId],
    );
    const tooMany = secrets.slice(0, Math.max(0, secrets.length - MAX_SECRETS + 1));
    const last = tooMany.at(-1);
    if (!last) return;
    if (!force) throw new TooManySecretsError(secrets.length, last.expires_at!);
    await sql(on, 'DELETE FROM endpoint_secrets WHERE id = ANY ($1)', [tooMany.map(({ id }) => id)]);
  }

  /**
   * Those of the secrets that can be read: one is enough for the receiver.
   *
   * @throws EndpointSecretUnreadableError when the keys of all of them are gone
   */
  open(endpointId: string, encrypted: readonly string[]): string[] {
    let lost: unknown;
    const secrets = encrypted.flatMap((text) => {
      try {
        return [this.decrypted(endpointId, text)];
      } catch (error) {
        if (!(error instanceof UndecipherableError)) throw error;
        lost = error;
        return [];
      }
    });
    if (lost !== undefined && secrets.length === 0) throw new EndpointSecretUnreadableError(endpointId, lost);
    return secrets;
  }

  /** Remembered: the same few secrets sign every attempt. What cannot be read is tried again each time. */
  private decrypted(endpointId: string, text: string): string {
    const key = `${endpointId} ${text}`;
    const known = this.opened.get(key);
    if (known !== undefined) return known;
    const secret = this.keyring.decrypt(text, endpointId);
    if (this.opened.size >= MAX_OPENED) this.opened.clear();
    this.opened.set(key, secret);
    return secret;
  }
}
