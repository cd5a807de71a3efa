import { randomBytes } from 'node:crypto';

export interface RefreshToken {
  value: string;
  scopes: readonly string[];
  issuedAt: number;
  lastUsedAt: number;
}

export interface AccessToken {
  value: string;
  account: string;
  scopes: readonly string[];
  expiresAt: number;
}

/** What one user has allowed the client: the union of scopes, and the tokens that live under it. */
export interface Grant {
  account: string;
  scopes: Set<string>;
  refreshTokens: RefreshToken[];
  accessTokens: AccessToken[];
}

export function newGrant(account: string): Grant {
  return { account, scopes: new Set(), refreshTokens: [], accessTokens: [] };
}

export const newRefreshToken = (): string => `1//0${randomBytes(48).toString('base64url')}`;
export const newAccessToken = (): string => `ya29.a0${randomBytes(96).toString('base64url')}`;
export const newCode = (): string => `4/0A${randomBytes(36).toString('base64url')}`;
