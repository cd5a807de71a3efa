import { Injectable } from '@nestjs/common';
import { Keyring } from '../../common/keyring';
import { EncryptedTables } from '../../encryption/encrypted-tables';
import { IdempotencyStore } from './idempotency.store';
import type { KeptResponse, KeyedRequest, IdempotencyState } from './idempotency.types';

/** How often a key is tried that others take and give back in the meantime. */
const MAX_TRIES = 3;

/** Sees to it that a request which comes again under its idempotency key is answered again and not done again. */
@Injectable()
export class IdempotencyService {
  /** What this process is doing. */
  private readonly claims = new Set<string>();

  constructor(
    private readonly store: IdempotencyStore,
    private readonly keyring: Keyring,
    encrypted: EncryptedTables,
  ) {
    encrypted.add({
      name: 'answers to idempotency keys',
      table: 'idempotency_keys',
      id: 'id',
      owner: 'id',
      columns: ['body'],
      inUse: IdempotencyStore.LIVE,
    });
  }

  /** Claims the request for its first sender; everybody else learns how it stands. */
  async begin(request: KeyedRequest): Promise<IdempotencyState> {
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const claim = await this.store.claim(request);
      if (claim !== undefined) {
        this.claims.add(claim);
        return { kind: 'claimed', claim };
      }
      const row = await this.store.find(request);
      if (!row) continue;
      if (!row.fingerprint.equals(request.fingerprint)) return { kind: 'reused' };
      if (row.status === null) return { kind: 'in_use' };
      const { id, status, contentType } = row;
      const body = row.body === null ? null : this.keyring.decrypt(row.body, id);
      return { kind: 'answered', answer: { status, contentType, body } };
    }
    return { kind: 'in_use' };
  }

  /** The answer of the request under this claim, for whoever sends it again. */
  keep(claim: string, { body, ...rest }: KeptResponse): Promise<void> {
    this.claims.delete(claim);
    return this.store.keep(claim, {
      ...rest,
      body: body === null ? null : this.keyring.encrypt(body, claim),
    });
  }

  /** The request under this claim was not done: it may come again. */
  release(claim: string): Promise<void> {
    this.claims.delete(claim);
    return this.store.release(claim);
  }

  /** Sees to it that nobody takes over what is still being done here, however long it takes. */
  async renew(): Promise<void> {
    if (this.claims.size > 0) await this.store.renew([...this.claims]);
  }
}
