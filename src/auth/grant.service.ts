import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type EntityManager, In, type Repository } from 'typeorm';
import { Keyring, UndecipherableError } from '../common/keyring';
import { LeaseService, LeaseTakenError } from '../database/lease.service';
import { MailboxService } from '../mailbox/mailbox.service';
import { type AccessToken, AccessTokenCache } from './access-token-cache';
import { isFresh } from './access-token-life';
import { GrantDeadError, GrantUnreadableError, TokenEndpointUnavailableError } from './auth.errors';
import { DelegationClient } from './delegation.client';
import { explainDeadGrant } from './explain-dead-grant';
import { GoogleOauthClient } from './google-oauth.client';
import { GrantEntity } from './grant.entity';
import type { Consent, ConsentRequest, IssuedTokens } from './grant.types';
import { canReadGmail } from './scopes';

/** How often a grant may change while one caller works with it before it gives up: once is rare, twice is a defect. */
const ATTEMPTS = 3;

/** Owns the grants: encrypted at rest, refreshed before they expire, one refresh at a time across replicas. */
@Injectable()
export class GrantService {
  private readonly accessTokens = new AccessTokenCache();

  /** Six: tokens come in two ways, are encrypted, and are replaced by one replica at a time. */
  constructor(
    @InjectRepository(GrantEntity) private readonly grants: Repository<GrantEntity>,
    private readonly oauth: GoogleOauthClient,
    private readonly delegation: DelegationClient,
    private readonly keyring: Keyring,
    private readonly leases: LeaseService,
    private readonly mailboxes: MailboxService,
  ) {}

  /** Where the mailbox owner is sent to consent. */
  consentUrl(request: ConsentRequest): string {
    return this.oauth.consentUrl(request);
  }

  /**
   * Exchanges an authorization code. Nothing is stored.
   *
   * @throws GrantDeadError when the code is not good; TokenEndpointUnavailableError
   */
  exchange(code: string, codeVerifier: string): Promise<Consent> {
    return this.oauth.exchange(code, codeVerifier);
  }

  /**
   * Tokens for a user of a Google Workspace, without consent. Nothing is stored.
   *
   * @throws as `DelegationClient.accessToken`
   */
  delegate(emailAddress: string): Promise<IssuedTokens> {
    return this.delegation.accessToken(emailAddress);
  }

  /** @throws DelegationNotConfiguredError */
  requireDelegation(): void {
    this.delegation.requireKey();
  }

  /**
   * Makes sure that tokens which are not stored yet are alive, by refreshing them once.
   *
   * @throws GrantDeadError, TokenEndpointUnavailableError
   */
  async confirm(tokens: IssuedTokens): Promise<IssuedTokens> {
    const refreshed = await this.oauth.refresh(tokens.refreshToken!, tokens.scopes);
    return { ...refreshed, refreshToken: refreshed.refreshToken ?? tokens.refreshToken };
  }

  /** Revokes tokens that are not stored, and with them the whole grant of their user. */
  discard(tokens: IssuedTokens): Promise<void> {
    return this.oauth.revoke(tokens.refreshToken ?? tokens.accessToken);
  }

  /**
   * A live access token of the mailbox: from memory if it was read within the last minute.
   *
   * @param rejected an access token that Gmail has answered with 401: it is replaced, unless another worker did that already
   * @throws GrantDeadError when Google answers `invalid_grant` or there is no grant
   * @throws GrantUnreadableError when an encryption key is missing; worth a retry once it is back
   * @throws TokenEndpointUnavailableError for every other failure; worth a retry
   */
  async accessToken(mailboxId: string, rejected?: string): Promise<string> {
    if (rejected !== undefined) this.accessTokens.drop(mailboxId);
    const stored = await this.accessTokens.get(mailboxId, async () =>
      this.stored(await this.load(mailboxId)),
    );
    if (stored && stored.value !== rejected) return stored.value;
    // It was read again while another replica was replacing it: nobody else is to use it.
    this.accessTokens.drop(mailboxId);
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const token = await this.alone(mailboxId, () => this.refresh(mailboxId, rejected));
      if (token !== undefined) return token;
    }
    throw new TokenEndpointUnavailableError(new Error('the grant was replaced again and again meanwhile'));
  }

  /**
   * The access token of the grant as it is stored now, when it is another one than Gmail has refused for its scopes: one from
   * memory may belong to a grant that another replica has replaced since.
   *
   * @returns undefined when it is the same: the refusal is about the grant
   */
  async replacementOf(refused: string, mailboxId: string): Promise<string | undefined> {
    this.accessTokens.drop(mailboxId);
    const current = await this.accessToken(mailboxId);
    return current === refused ? undefined : current;
  }

  /** Runs the transaction in which the grant of a mailbox is stored or erased; after it, no token from before it is used. */
  async change<T>(mailboxId: string, transaction: () => Promise<T>): Promise<T> {
    try {
      return await transaction();
    } finally {
      this.accessTokens.drop(mailboxId);
    }
  }

  /**
   * Stores the tokens of a mailbox, replacing what was there. Without a refresh token they are renewed by delegation. Within
   * the transaction of `change`.
   */
  async store(manager: EntityManager, mailboxId: string, tokens: IssuedTokens): Promise<void> {
    const { refreshToken } = tokens;
    const row = {
      mailboxId,
      refreshToken: refreshToken === undefined ? null : this.keyring.encrypt(refreshToken, mailboxId),
      grantedAt: new Date(),
      ...this.renewed(mailboxId, tokens),
    };
    await manager.upsert(GrantEntity, row, ['mailboxId']);
  }

  /** The scopes that each mailbox granted; a mailbox without a grant is not in the map. */
  async scopes(mailboxIds: string[]): Promise<Map<string, string[]>> {
    const rows = await this.grants.find({
      select: { mailboxId: true, scopes: true },
      where: { mailboxId: In(mailboxIds) },
    });
    return new Map(rows.map(({ mailboxId, scopes }) => [mailboxId, scopes]));
  }

  /** Revokes the grant of a mailbox at Google. None, or one that is dead already, is fine; a delegation is not the mailbox's own. */
  async revoke(mailboxId: string): Promise<void> {
    const row = await this.grants.findOneBy({ mailboxId });
    if (row?.refreshToken) await this.oauth.revoke(this.decrypt(row.refreshToken, mailboxId));
    this.accessTokens.drop(mailboxId);
  }

  /** Forgets the tokens of a mailbox. Within the transaction of `change`. */
  async erase(manager: EntityManager, mailboxId: string): Promise<void> {
    await manager.delete(GrantEntity, { mailboxId });
  }

  private async load(mailboxId: string): Promise<GrantEntity> {
    const row = await this.grants.findOneBy({ mailboxId });
    if (!row)
      throw new GrantDeadError('invalid_grant', 'The mailbox has no grant (any more). Connect it again.');
    return row;
  }

  /** @returns undefined when it is about to expire */
  private stored({
    mailboxId,
    accessToken,
    accessTokenExpiresAt: expiresAt,
    updatedAt: issuedAt,
  }: GrantEntity) {
    if (accessToken === null || expiresAt === null || !isFresh(issuedAt, expiresAt, new Date()))
      return undefined;
    return { value: this.decrypt(accessToken, mailboxId), issuedAt, expiresAt } satisfies AccessToken;
  }

  /** @returns the new access token, or undefined when the grant was replaced meanwhile: look again */
  private async refresh(mailboxId: string, rejected: string | undefined): Promise<string | undefined> {
    const row = await this.load(mailboxId);
    const stored = this.stored(row);
    if (stored && stored.value !== rejected) return stored.value;
    try {
      const refreshToken = row.refreshToken && this.decrypt(row.refreshToken, mailboxId);
      const tokens = await this.renew(row, refreshToken);
      if (!canReadGmail(tokens.scopes))
        throw new GrantDeadError('insufficient_scope', 'The grant has no Gmail permission any more.');
      if (!(await this.change(mailboxId, () => this.keep(row, refreshToken, tokens)))) return undefined;
      if (tokens.googleAccountId) await this.mailboxes.recordAccount(mailboxId, tokens.googleAccountId);
      return tokens.accessToken;
    } catch (error) {
      if (!(error instanceof GrantDeadError)) throw error;
      // Reconnected, or refreshed by others, while this token was being refused: the verdict is not about what is there now.
      if ((await this.load(mailboxId)).version !== row.version) return undefined;
      if (error.reason !== 'invalid_grant' || row.refreshToken === null) throw error;
      throw new GrantDeadError(error.reason, explainDeadGrant(row.grantedAt, new Date()), error.cause);
    }
  }

  private async renew(
    { mailboxId, scopes }: GrantEntity,
    refreshToken: string | null,
  ): Promise<IssuedTokens> {
    if (refreshToken !== null) return this.oauth.refresh(refreshToken, scopes);
    return this.delegate((await this.mailboxes.get(mailboxId)).emailAddress!);
  }

  /** Stores refreshed tokens unless others were stored meanwhile, and moves them to the first key. */
  private async keep(row: GrantEntity, refreshToken: string | null, tokens: IssuedTokens): Promise<boolean> {
    const { mailboxId, version } = row;
    const kept = tokens.refreshToken ?? refreshToken;
    const isStale = row.refreshToken !== null && this.keyring.isStale(row.refreshToken);
    const { affected } = await this.grants.update(
      { mailboxId, version },
      {
        ...this.renewed(mailboxId, tokens),
        ...(kept !== null &&
          (kept !== refreshToken || isStale) && { refreshToken: this.keyring.encrypt(kept, mailboxId) }),
      },
    );
    return affected === 1;
  }

  private renewed(mailboxId: string, tokens: IssuedTokens) {
    return {
      version: randomUUID(),
      scopes: tokens.scopes,
      accessToken: this.keyring.encrypt(tokens.accessToken, mailboxId),
      accessTokenExpiresAt: tokens.accessTokenExpiresAt,
      updatedAt: new Date(),
    };
  }

  private decrypt(text: string, mailboxId: string): string {
    try {
      return this.keyring.decrypt(text, mailboxId);
    } catch (error) {
      throw error instanceof UndecipherableError ? new GrantUnreadableError(error) : error;
    }
  }

  private async alone<T>(mailboxId: string, work: () => Promise<T>): Promise<T> {
    try {
      return await this.leases.hold(`grant:${mailboxId}`, work);
    } catch (error) {
      throw error instanceof LeaseTakenError ? new TokenEndpointUnavailableError(error) : error;
    }
  }
}

export type { IssuedTokens };
