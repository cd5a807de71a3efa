import { Injectable } from '@nestjs/common';
import { canChangeLabels, canReadContent } from '../auth/scopes';
import { GrantService } from '../auth/grant.service';
import { GrantDeadError } from '../gmail/gmail.errors';
import type { GmailCaller } from '../gmail/quota/costs';
import { MailboxNotActiveError } from '../mailbox/mailbox.errors';
import { MailboxService } from '../mailbox/mailbox.service';
import { ReauthorizationService } from '../sync/cursor/reauthorization.service';
import { explainReadError, type Wanted } from './explain-read-error';
import { ClientGoneError, InsufficientScopeError, type Need } from './mail.errors';

/** Of which mailbox, what, and for how long somebody waits for it. */
export interface Reading {
  mailboxId: string;
  wanted: Wanted;
  signal: AbortSignal;
  /** What Google says of it when it refuses the scopes. */
  need?: Need;
}

/** What a call that was let through may do. */
export interface Admitted {
  caller: GmailCaller;
  /** Whether the grant allows more than headers, labels and snippets. */
  content: boolean;
  /** Whether the grant allows changes. */
  changes: boolean;
}

/** Lets calls through to Gmail: of active mailboxes, within their grant. Turns what fails into errors of the API. */
@Injectable()
export class MailAccessService {
  constructor(
    private readonly mailboxes: MailboxService,
    private readonly grants: GrantService,
    private readonly reauthorization: ReauthorizationService,
  ) {}

  /**
   * @throws NotFoundError, MailboxNotActiveError, InsufficientScopeError, GmailLimitReachedError, GoogleUnavailableError,
   * ReadRefusedError, ClientGoneError
   */
  async read<T>(
    { mailboxId, wanted, signal, need }: Reading,
    work: (admitted: Admitted) => Promise<T>,
  ): Promise<T> {
    const mailbox = await this.mailboxes.getActive(mailboxId);
    const granted = (await this.grants.scopes([mailboxId])).get(mailboxId);
    try {
      return await work({
        caller: { mailboxId, priority: 'read', signal },
        content: granted === undefined || canReadContent(granted),
        changes: granted === undefined || canChangeLabels(granted),
      });
    } catch (error) {
      if (signal.aborted) throw new ClientGoneError();
      if (!(error instanceof GrantDeadError)) throw explainReadError(error, wanted);
      // A permission that this read lacks may be none that Inboxwire needs: the next sync will find out.
      if (error.reason === 'insufficient_scope') throw new InsufficientScopeError(need, error);
      await this.reauthorization.require(mailbox, error.reason);
      throw new MailboxNotActiveError(mailboxId, 'reauthorization_required');
    }
  }
}
