import { GmailError, invalidArgument } from './gmail-error';

/** `maxResults`: 100 by default, at most 500, larger values are cut to that. */
export function maxResults(query: URLSearchParams): number {
  const text = query.get('maxResults');
  if (text === null) return 100;
  if (!/^\d+$/.test(text)) throw invalidValue('max_results', 'TYPE_UINT32', text);
  return Math.min(Math.max(Number(text), 1), 500);
}

export function uint64(query: URLSearchParams, name: string, field: string): bigint {
  const text = query.get(name);
  if (text === null || text === '') throw invalidArgument(`Missing required parameter: ${name}`);
  if (!/^\d{1,20}$/.test(text)) throw invalidValue(field, 'TYPE_UINT64', text);
  return BigInt(text);
}

export function stringArray(value: unknown, field: string): string[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || value.some((item) => typeof item !== 'string'))
    throw invalidArgument(`Invalid JSON payload received. Unknown value at '${field}'.`);
  return value as string[];
}

export function invalidValue(field: string, type: string, text: string): GmailError {
  return invalidArgument(`Invalid value at '${field}' (${type}), "${text}"`);
}

/** Page tokens are opaque to callers. */
export function encodePageToken(parts: readonly (string | bigint | number)[]): string {
  return Buffer.from(parts.join(':')).toString('base64url');
}

export function decodePageToken(token: string, pattern: RegExp): string[] {
  const match = pattern.exec(Buffer.from(token, 'base64url').toString());
  if (match === null) throw invalidArgument('Invalid pageToken');
  return match.slice(1);
}
