import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Keyring } from '../../common/keyring';
import type { SqlExecutor } from '../../database/sql';

/** Within the 24 to 64 bytes that Standard Webhooks asks for. */
const SECRET_BYTES = 32;

/** The signing secrets of endpoints: shown once, stored encrypted, opened for an attempt. */
@Injectable()
export class EndpointSecretStore {
  constructor(private readonly keyring: Keyring) {}

  /** @returns the new secret, as the receiver needs it */
  async create(on: SqlExecutor, endpointId: string): Promise<string> {
    const secret = `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;
    await on.query('INSERT INTO endpoint_secrets (endpoint_id, secret) VALUES ($1, $2)', [
      endpointId,
      this.keyring.encrypt(secret, endpointId),
    ]);
    return secret;
  }

  /**
   * A new secret. Those before it expire, each a day after it was replaced. For one caller at a time.
   *
   * @returns it, as the receiver needs it
   */
  async rotate(on: SqlExecutor, endpointId: string): Promise<string> {
    await on.query('DELETE FROM endpoint_secrets WHERE endpoint_id = $1 AND expires_at <= now()', [
      endpointId,
    ]);
    await on.query(
      `UPDATE endpoint_secrets SET expires_at = now() + interval '24 hours'
       WHERE endpoint_id = $1 AND expires_at IS NULL`,
      [endpointId],
    );
    return this.create(on, endpointId);
  }

  /** @throws UndecipherableError when the key of a secret is gone */
  open(endpointId: string, encrypted: readonly string[]): string[] {
    return encrypted.map((text) => this.keyring.decrypt(text, endpointId));
  }
}
