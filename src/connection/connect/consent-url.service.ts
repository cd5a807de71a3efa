import { Injectable } from '@nestjs/common';
import { GrantService } from '../../auth/grant.service';
import { MailboxService } from '../../mailbox/mailbox.service';
import type { ConnectSession } from './connect-session.types';

/** Where the owner of a session consents, and as whom. */
@Injectable()
export class ConsentUrlService {
  constructor(
    private readonly grants: GrantService,
    private readonly mailboxes: MailboxService,
  ) {}

  /** Google's page, with the account suggested that the session is for. */
  async of(session: ConnectSession): Promise<string> {
    const { state, codeVerifier, loginHint } = session;
    const hint = loginHint ?? (await this.requiredAddress(session));
    return this.grants.consentUrl({ state, codeVerifier, loginHint: hint });
  }

  /** The account that it has to be; undefined when any may be connected. */
  async requiredAddress({ expectedEmailAddress, mailboxId }: ConnectSession): Promise<string | undefined> {
    if (expectedEmailAddress !== undefined || mailboxId === undefined) return expectedEmailAddress;
    return (await this.mailboxes.get(mailboxId)).emailAddress ?? undefined;
  }
}
