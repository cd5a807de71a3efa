import type { GoogleClock } from '../clock';
import {
  newAccessToken,
  newGrant,
  newRefreshToken,
  type AccessToken,
  type Grant,
  type RefreshToken,
} from './grant';
import { deadRefreshToken } from './oauth-error';
import { isGmailScope } from './scopes';

const DAY_MS = 86_400_000;
const LIVE_REFRESH_TOKENS = 100;

/**
 * Grants of the users to the client, and how they die:
 * https://developers.google.com/identity/protocols/oauth2#expiration
 */
export class GrantBook {
  /** Lifetime of access tokens; Google's answers say 3599. */
  accessTokenSeconds = 3599;
  /** The consent screen is in "Testing": refresh tokens live for 7 days. */
  testing = false;
  private readonly grants = new Map<string, Grant>();
  /** What service accounts act for: no user has consented to it, and none can revoke it. */
  private readonly delegations = new Map<string, Grant>();
  private readonly byAccessToken = new Map<string, AccessToken>();

  constructor(private readonly clock: GoogleClock) {}

  grantOf(account: string): Grant | null {
    return this.grants.get(account.toLowerCase()) ?? null;
  }

  approve(account: string, scopes: readonly string[]): Grant {
    const grant = this.grantOf(account) ?? newGrant(account.toLowerCase());
    scopes.forEach((scope) => grant.scopes.add(scope));
    this.grants.set(grant.account, grant);
    return grant;
  }

  /** The 101st live token silently drops the oldest. */
  issueRefreshToken(grant: Grant, scopes: readonly string[]): RefreshToken {
    const now = this.clock.now();
    const token = { value: newRefreshToken(), scopes, issuedAt: now, lastUsedAt: now };
    grant.refreshTokens.push(token);
    grant.refreshTokens = grant.refreshTokens.slice(-LIVE_REFRESH_TOKENS);
    return token;
  }

  issueAccessToken(grant: Grant, scopes: readonly string[]): AccessToken {
    const expiresAt = this.clock.now() + this.accessTokenSeconds * 1000;
    const token = { value: newAccessToken(), account: grant.account, scopes, expiresAt };
    this.forgetExpired(grant);
    grant.accessTokens.push(token);
    this.byAccessToken.set(token.value, token);
    return token;
  }

  /** An access token that a service account gets for a user. */
  delegatedToken(account: string, scopes: readonly string[]): AccessToken {
    const key = account.toLowerCase();
    const delegation = this.delegations.get(key) ?? newGrant(key);
    this.delegations.set(key, delegation);
    return this.issueAccessToken(delegation, scopes);
  }

  liveAccessToken(value: string): AccessToken | null {
    const token = this.byAccessToken.get(value);
    return token !== undefined && token.expiresAt > this.clock.now() ? token : null;
  }

  useRefreshToken(value: string): { grant: Grant; token: RefreshToken } {
    for (const grant of this.grants.values()) {
      const token = grant.refreshTokens.find((candidate) => candidate.value === value);
      if (token === undefined) continue;
      if (this.hasExpired(token)) break;
      token.lastUsedAt = this.clock.now();
      return { grant, token };
    }
    throw deadRefreshToken();
  }

  /** Any one token, of either kind, stands for the whole grant. */
  grantByToken(value: string): Grant | null {
    const account = this.liveAccessToken(value)?.account;
    if (account !== undefined) return this.grantOf(account);
    const holds = (grant: Grant): boolean => grant.refreshTokens.some((token) => token.value === value);
    return [...this.grants.values()].find(holds) ?? null;
  }

  /** The user removed the app, or the app revoked: all scopes and all tokens go. */
  revoke(account: string): void {
    const grant = this.grantOf(account);
    grant?.accessTokens.forEach((token) => this.byAccessToken.delete(token.value));
    this.grants.delete(account.toLowerCase());
  }

  /** The grant is the account's, whatever its address. */
  rename(account: string, to: string): void {
    for (const book of [this.grants, this.delegations]) {
      const grant = book.get(account.toLowerCase());
      if (grant === undefined) continue;
      book.delete(grant.account);
      grant.account = to.toLowerCase();
      grant.accessTokens.forEach((token) => (token.account = grant.account));
      book.set(grant.account, grant);
    }
  }

  killAccessTokens(account: string): void {
    for (const book of [this.grants, this.delegations]) {
      const grant = book.get(account.toLowerCase());
      grant?.accessTokens.forEach((token) => this.byAccessToken.delete(token.value));
      if (grant) grant.accessTokens = [];
    }
  }

  /** A new password kills refresh tokens with Gmail scopes; access tokens run out by themselves. */
  passwordChanged(account: string): void {
    const grant = this.grantOf(account);
    if (grant === null) return;
    grant.refreshTokens = grant.refreshTokens.filter((token) => !token.scopes.some(isGmailScope));
  }

  private hasExpired(token: RefreshToken): boolean {
    const now = this.clock.now();
    return now - token.lastUsedAt > 183 * DAY_MS || (this.testing && now - token.issuedAt > 7 * DAY_MS);
  }

  private forgetExpired(grant: Grant): void {
    const dead = grant.accessTokens.filter((token) => token.expiresAt <= this.clock.now());
    dead.forEach((token) => this.byAccessToken.delete(token.value));
    grant.accessTokens = grant.accessTokens.filter((token) => !dead.includes(token));
  }
}
