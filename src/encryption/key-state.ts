/** So many ciphertexts of this name are under this key. */
export interface ApiKeyUsage {
  name: string;
  keyId: string;
  count: number;
}

/**
 * Where a change of ENCRYPTION_KEYS stands.
 *
 * - `settled`: everything is under the one key that there is
 * - `moving`: older keys are still needed
 * - `retirable`: they are not needed any more
 * - `missing`: something is under a key that is not there
 */
export interface KeyState {
  kind: 'settled' | 'moving' | 'retirable' | 'missing';
  /** For the operator; null when there is nothing to report. */
  detail: string | null;
  remedy: string | null;
}

/** @param keyIds the ids in ENCRYPTION_KEYS, in their order */
export function classifyKeys(uses: ApiKeyUsage[], keyIds: readonly string[]): KeyState {
  const [first, ...older] = keyIds;
  const missing = uses.filter(({ keyId }) => !keyIds.includes(keyId));
  const waiting = uses.filter(({ keyId }) => older.includes(keyId));
  if (missing.length > 0)
    return {
      kind: 'missing',
      detail: `A key is missing: ${list(missing)} cannot be read.`,
      remedy: 'Put it back into ENCRYPTION_KEYS (behind the first) and restart; nothing is lost.',
    };
  if (waiting.length > 0)
    return {
      kind: 'moving',
      detail: `Being encrypted anew with key "${first}": ${list(waiting)}.`,
      remedy: 'Leave all keys in ENCRYPTION_KEYS until this is gone.',
    };
  if (older.length > 0)
    return {
      kind: 'retirable',
      detail: `Nothing is left under ${quoted(older)}.`,
      remedy: `Once every replica runs with key "${first}" in front, take it out of ENCRYPTION_KEYS.`,
    };
  return { kind: 'settled', detail: null, remedy: null };
}

function list(uses: ApiKeyUsage[]): string {
  return uses.map(({ name, keyId, count }) => `${name} under key "${keyId}" (${count})`).join(', ');
}

function quoted(keyIds: string[]): string {
  return `key ${keyIds.map((id) => `"${id}"`).join(' and ')}`;
}
