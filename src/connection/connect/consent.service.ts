import { Injectable, Logger } from '@nestjs/common';
import { GrantDeadError } from '../../auth/auth.errors';
import { GrantService } from '../../auth/grant.service';
import type { Consent, IssuedTokens } from '../../auth/grant.types';
import { describeError } from '../../common/describe-error';
import { GmailApiClient } from '../../gmail/client/gmail-api.client';
import { MailboxService } from '../../mailbox/mailbox.service';
import { ConnectError } from '../connection.errors';

/** Tokens that a mailbox can live on, and whose they are. */
export interface RedeemedConsent {
  tokens: IssuedTokens;
  emailAddress: string;
}

/** Turns the code that Google sent the owner back with into tokens that can be kept. */
@Injectable()
export class ConsentService {
  private readonly logger = new Logger(ConsentService.name);

  constructor(
    private readonly grants: GrantService,
    private readonly gmail: GmailApiClient,
    private readonly mailboxes: MailboxService,
  ) {}

  /** @throws ConnectError, and whatever Google's being away throws */
  async redeem(code: string, codeVerifier: string): Promise<RedeemedConsent> {
    const consent = await this.exchange(code, codeVerifier);
    if (consent.missingScopes.length > 0) {
      await this.discard(consent);
      throw new ConnectError('insufficient_scope');
    }
    if (consent.tokens.refreshToken === undefined) throw new ConnectError('missing_refresh_token');
    return { tokens: consent.tokens, emailAddress: await this.owner(consent.tokens.accessToken) };
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
   * Gives back what is of no use. Revoking ends everything that the owner ever granted, so it is done only when no
   * mailbox can live on an earlier consent; and at best effort, because nothing was kept.
   */
  private async discard({ tokens, emailAddress }: Consent): Promise<void> {
    try {
      if (emailAddress === undefined) return;
      const mailbox = await this.mailboxes.findByAddress(emailAddress);
      if (mailbox && mailbox.status !== 'disconnected') return;
      await this.grants.discard(tokens);
    } catch (error) {
      this.logger.warn({ error: describeError(error) }, 'could not give back a consent without Gmail scopes');
    }
  }
}
