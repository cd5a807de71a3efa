import { Injectable } from '@nestjs/common';
import { Keyring, UndecipherableError } from '../../common/keyring';
import { EncryptedTables } from '../../encryption/encrypted-tables';
import { EndpointSecretUnreadableError } from '../delivery.errors';
import type { EndpointEntity } from './endpoint.entity';
import type { EndpointHeaders } from './endpoint.types';

/** How many opened headers are remembered. */
const MAX_OPENED = 1_000;

/** Columns of `endpoints` that hold its headers. */
type HeaderColumns = Pick<EndpointEntity, 'headers' | 'headerNames'>;

/** The static headers of endpoints: stored encrypted, opened for an attempt, and shown by their names alone. */
@Injectable()
export class EndpointHeadersStore {
  /** By their endpoint and their encrypted text. */
  private readonly opened = new Map<string, EndpointHeaders>();

  constructor(
    private readonly keyring: Keyring,
    encrypted: EncryptedTables,
  ) {
    encrypted.add({
      name: 'endpoint headers',
      table: 'endpoints',
      id: 'id',
      owner: 'id',
      columns: ['headers'],
    });
  }

  /** The headers as they are kept. Null, or none of them: no headers. */
  close(endpointId: string, headers: EndpointHeaders | null): HeaderColumns {
    const entries = Object.entries(headers ?? {}).map(
      ([name, value]) => [name.toLowerCase(), value] as const,
    );
    const headerNames = entries.map(([name]) => name);
    if (headerNames.length === 0) return { headers: null, headerNames };
    const text = JSON.stringify(Object.fromEntries(entries));
    return { headers: this.keyring.encrypt(text, endpointId), headerNames };
  }

  /** @throws EndpointSecretUnreadableError when their key is gone */
  open(endpointId: string, encrypted: string | null): EndpointHeaders {
    if (encrypted === null) return {};
    const key = `${endpointId} ${encrypted}`;
    const known = this.opened.get(key);
    if (known) return known;
    const headers = this.decrypted(endpointId, encrypted);
    if (this.opened.size >= MAX_OPENED) this.opened.clear();
    this.opened.set(key, headers);
    return headers;
  }

  private decrypted(endpointId: string, encrypted: string): EndpointHeaders {
    try {
      return JSON.parse(this.keyring.decrypt(encrypted, endpointId)) as EndpointHeaders;
    } catch (error) {
      if (!(error instanceof UndecipherableError)) throw error;
      throw new EndpointSecretUnreadableError(endpointId, error, 'The headers');
    }
  }
}
