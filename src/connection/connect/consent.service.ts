import { Injectable, Logger } from '@nestjs/common';
import { GrantDeadError } from '../../auth/auth.errors';
import { GrantService } from '../../auth/grant.service';
import type { Consent, IssuedTokens } from '../../auth/grant.types';
import { describeError } from '../../common/describe-error';
import { GmailApiClient } from '../../gmail/client/gmail-api.client';
import { GoogleSettings } from '../../config/settings';
import { MailboxService } from '../../mailbox/mailbox.service';
import type { GoogleAccount } from '../../mailbox/mailbox.types';
import { ConnectError } from '../connection.errors';

/** Tokens that a mailbox can live on, and whose they are. */
export interface RedeemedConsent {
  tokens: IssuedTokens;
  account: GoogleAccount;
}

/** Turns the code that Google sent the owner back with into tokens that can be kept. */
@Injectable()
export class ConsentService {
  private readonly logger = new Logger(ConsentService.name);

  constructor(
    private readonly grants: GrantService,
    private readonly gmail: GmailApiClient,
    private readonly mailboxes: MailboxService,
    private readonly settings: GoogleSettings,
  ) {}

  /** @throws ConnectError, and whatever Google's being away throws */
  async redeem(code: string, codeVerifier: string): Promise<RedeemedConsent> {
    const consent = await this.exchange(code, codeVerifier);
    if (consent.missingScopes.length > 0) {
      const { tokens, emailAddress } = consent;
      await this.discard(tokens, emailAddress);
      throw new ConnectError('insufficient_scope');
    }
    if (consent.tokens.refreshToken === undefined) throw new ConnectError('missing_refresh_token');
    const { tokens } = consent;
    const emailAddress = await this.owner(tokens.accessToken);
    return { tokens, account: { googleAccountId: tokens.googleAccountId, emailAddress } };
  }

  private async exchange(code: string, codeVerifier: string): Promise<Consent> {
    try {
      return await this.grants.exchange(code, codeVerifier);
    } catch (error) {
      throw error instanceof GrantDeadError ? new ConnectError('invalid_code', error) : error;
    }
  }

  private async owner(accessToken: string): Promise<string> {
    try {
      return (await this.gmail.profile(accessToken)).emailAddress;
    } catch (error) {
      const lacksScope = error instanceof GrantDeadError && error.reason === 'insufficient_scope';
      throw lacksScope ? new ConnectError('insufficient_scope', error) : error;
    }
  }

  /**
   * Sees to a consent that is of no use. It is forgotten; revoking would end everything that the owner ever granted this
   * client, so it is done only when the settings say that the client serves nothing else, and when no mailbox lives on an
   * earlier consent of the owner. At best effort, because nothing was kept.
   */
  async discard(tokens: IssuedTokens, emailAddress: string | undefined): Promise<void> {
    if (!this.settings.revokeUnusableConsents) return;
    try {
      if (!(await this.mayRevoke(tokens.googleAccountId, emailAddress))) return;
      await this.grants.discard(tokens);
    } catch (error) {
      this.logger.warn(
        { error: describeError(error) },
        'could not give back a consent that connects nothing',
      );
    }
  }

  private async mayRevoke(
    googleAccountId: string | undefined,
    emailAddress: string | undefined,
  ): Promise<boolean> {
    if (emailAddress === undefined) return false;
    const mailboxes = await Promise.all([
      googleAccountId === undefined ? null : this.mailboxes.findByAccount(googleAccountId),
      this.mailboxes.findByAddress(emailAddress),
    ]);
    return mailboxes.every((mailbox) => !mailbox || mailbox.status === 'disconnected');
  }
}
