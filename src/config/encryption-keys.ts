import type { EncryptionKey } from '../common/keyring';

const ENTRY = /^([A-Za-z0-9_.-]{1,64}):([A-Za-z0-9+/_-]{43}=?)$/;

/** Reads `id:base64-of-32-bytes`, comma separated. Undefined when any entry is malformed or an id comes twice. */
export function parseEncryptionKeys(text: string): EncryptionKey[] | undefined {
  const entries = text.split(',').map((entry) => ENTRY.exec(entry.trim()));
  const keys = entries.flatMap((match) =>
    match ? [{ id: match[1]!, bytes: Buffer.from(match[2]!, 'base64') }] : [],
  );
  const complete = keys.length === entries.length && keys.every((key) => key.bytes.length === 32);
  return complete && new Set(keys.map((key) => key.id)).size === keys.length ? keys : undefined;
}

export function acceptsEncryptionKeys(text: string): boolean {
  return parseEncryptionKeys(text) !== undefined;
}
