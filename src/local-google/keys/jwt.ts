import { createHmac, sign, type KeyObject } from 'node:crypto';

export type JwtAlgorithm = 'RS256' | 'RS512' | 'PS256' | 'HS256' | 'none';
export type JwtClaims = Record<string, unknown>;

/** A compact JWS (RFC 7515) under any algorithm, genuine or forged. */
export function signJwt(
  claims: JwtClaims,
  header: { alg: JwtAlgorithm; kid?: string },
  key: KeyObject | string,
): string {
  const content = [{ ...header, typ: 'JWT' }, claims].map(encode).join('.');
  return `${content}.${signature(content, header.alg, key)}`;
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

function signature(content: string, alg: JwtAlgorithm, key: KeyObject | string): string {
  const bytes = Buffer.from(content);
  switch (alg) {
    case 'none':
      return '';
    case 'HS256':
      return createHmac('sha256', key).update(bytes).digest('base64url');
    case 'RS256':
      return sign('sha256', bytes, key).toString('base64url');
    case 'RS512':
      return sign('sha512', bytes, key).toString('base64url');
    case 'PS256':
      return sign('sha256', bytes, { key: key as KeyObject, padding: 6, saltLength: 32 }).toString(
        'base64url',
      );
  }
}
