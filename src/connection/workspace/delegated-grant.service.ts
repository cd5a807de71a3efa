import { Injectable } from '@nestjs/common';
import { GrantService } from '../../auth/grant.service';
import type { IssuedTokens } from '../../auth/grant.types';
import { GmailApiClient } from '../../gmail/client/gmail-api.client';
import type { GoogleAccount } from '../../mailbox/mailbox.types';
import { explainDelegation } from './workspace.errors';

/** Tokens for a mailbox of a Workspace, and whose it is. */
export interface DelegatedGrant {
  tokens: IssuedTokens;
  account: GoogleAccount;
}

/** Finds out whether the service account may read the mail of a user, before anything is kept of it. */
@Injectable()
export class DelegatedGrantService {
  constructor(
    private readonly grants: GrantService,
    private readonly gmail: GmailApiClient,
  ) {}

  /** @throws DelegationNotConfiguredError */
  requireDelegation(): void {
    this.grants.requireDelegation();
  }

  /**
   * @param emailAddress an alias will do: the mailbox gets the address that Gmail names
   * @throws DelegationError, UserNotFoundError, MailServiceNotEnabledError, GoogleRefusedError, WorkspaceUnavailableError
   */
  async get(emailAddress: string): Promise<DelegatedGrant> {
    try {
      const tokens = await this.grants.delegate(emailAddress);
      const profile = await this.gmail.profile(tokens.accessToken);
      return { tokens, account: { googleAccountId: undefined, emailAddress: profile.emailAddress } };
    } catch (error) {
      throw explainDelegation(error, emailAddress);
    }
  }
}
