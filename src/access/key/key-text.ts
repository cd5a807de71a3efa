import { createHash, randomBytes } from 'node:crypto';

const KEY = /^iwk_[\w-]{43}$/;

/** A new API key: `iwk_` and 32 random bytes, in base64url. */
export function newKey(): string {
  return `iwk_${randomBytes(32).toString('base64url')}`;
}

/** Whether the text could be one of ours; the database need not be asked of others. */
export function looksLikeKey(text: string): boolean {
  return KEY.test(text);
}

/** What is stored of a key: SHA-256 is enough for what nobody can guess, and has to be computed at every request. */
export function digestOf(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
