import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { InboxwireError } from './inboxwire.error';

export interface EncryptionKey {
  id: string;
  bytes: Buffer;
}

const IV_BYTES = 12;
const TAG_BYTES = 16;

/** A ciphertext that no configured key opens: a key was removed too early or is another one, or the row was tampered with. */
export class UndecipherableError extends InboxwireError {
  /** @param cause what opening it with that key said; undefined when there is no such key */
  constructor(keyId: string, cause?: unknown) {
    super(
      'undecipherable',
      cause === undefined
        ? `A stored secret was encrypted with key "${keyId}" and cannot be read. Put that key back into ENCRYPTION_KEYS.`
        : `A stored secret cannot be read with key "${keyId}" of ENCRYPTION_KEYS: it was changed, or encrypted with another key of that id.`,
      { cause },
    );
  }
}

/**
 * Encryption at rest: AES-256-GCM under a key id, so that keys can be rotated. The first key encrypts, all decrypt.
 * The form is `keyId:base64url(iv | ciphertext | tag)`.
 */
export class Keyring {
  private readonly keys: Map<string, Buffer>;
  private readonly first: EncryptionKey;

  /** @param keys at least one key of 32 bytes; ids are unique */
  constructor(keys: EncryptionKey[]) {
    const [first] = keys;
    if (!first) throw new Error('A keyring needs at least one key.');
    this.first = first;
    this.keys = new Map(keys.map((key) => [key.id, key.bytes]));
  }

  /** @param owner what the secret belongs to (an id): additional data, so that a ciphertext moved to another row does not open */
  encrypt(plain: string, owner: string): string {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.first.bytes, iv);
    cipher.setAAD(Buffer.from(owner));
    const body = Buffer.concat([iv, cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return `${this.first.id}:${body.toString('base64url')}`;
  }

  /** @throws UndecipherableError when the key is unknown, or the text or its owner is not what was encrypted */
  decrypt(text: string, owner: string): string {
    const separator = text.lastIndexOf(':');
    const keyId = text.slice(0, separator);
    const key = this.keys.get(keyId);
    if (!key) throw new UndecipherableError(keyId);
    const body = Buffer.from(text.slice(separator + 1), 'base64url');
    try {
      const decipher = createDecipheriv('aes-256-gcm', key, body.subarray(0, IV_BYTES), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAAD(Buffer.from(owner));
      decipher.setAuthTag(body.subarray(-TAG_BYTES));
      const plain = decipher.update(body.subarray(IV_BYTES, -TAG_BYTES));
      return Buffer.concat([plain, decipher.final()]).toString('utf8');
    } catch (error) {
      throw new UndecipherableError(keyId, error);
    }
  }

  /** The ids of the keys, the one that encrypts first. */
  get keyIds(): string[] {
    return [...this.keys.keys()];
  }

  /** Whether the text was encrypted with an older key and should be encrypted anew when it is next written. */
  isStale(text: string): boolean {
    return text.slice(0, text.lastIndexOf(':')) !== this.first.id;
  }
}
