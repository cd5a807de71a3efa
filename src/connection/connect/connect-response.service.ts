import { Injectable } from '@nestjs/common';
import { ConnectError } from '../connection.errors';
import { MailboxService } from '../../mailbox/mailbox.service';
import { ConnectPagesService } from '../pages/connect-pages.service';
import { type ConnectResponse, connected, ended, failed, showPage, statusOf } from './connect-response';
import type { ConnectSession } from './connect-session.types';
import { returnUrl } from './redirect-signature';

/** What a browser says of whoever uses it. */
export interface Visitor {
  cookies: string | undefined;
  /** The header Accept-Language. */
  languages: string | undefined;
}

/** Says to an owner's browser what is to be said: in the operator's own pages where they are on, else plainly. */
@Injectable()
export class ConnectResponseService {
  constructor(
    private readonly pages: ConnectPagesService,
    private readonly mailboxes: MailboxService,
  ) {}

  /** Whether a page comes before Google's. */
  get asksFirst(): boolean {
    return this.pages.areOn;
  }

  /** @param address the account that it has to be, if it has to be one */
  async ask(session: ConnectSession, token: string, address: string | undefined, { languages }: Visitor) {
    const { redirectUrl } = session;
    const action = `/connect/${encodeURIComponent(token)}`;
    return { status: 200, ...(await this.pages.ask(languages, { action, address, redirectUrl })) };
  }

  async noSuchLink({ languages }: Visitor): Promise<ConnectResponse> {
    if (this.pages.areOn)
      return { status: 404, ...(await this.pages.failed(languages, new ConnectError('unknown_link'))) };
    return showPage(404, { title: 'There is no such link', text: 'Check that the address is complete.' });
  }

  async connected(
    session: ConnectSession,
    mailboxId: string,
    { languages }: Visitor,
  ): Promise<ConnectResponse> {
    const { id, emailAddress } = await this.mailboxes.get(mailboxId);
    if (!this.pages.areOn || session.redirectUrl !== undefined) return connected(session, id, emailAddress);
    return { status: 200, ...(await this.pages.done(languages, emailAddress ?? id)) };
  }

  /** @param tryAgainUrl where another try begins, for errors after which there is one */
  async failed(
    session: ConnectSession | undefined,
    error: ConnectError,
    { languages }: Visitor,
    tryAgainUrl?: string,
  ): Promise<ConnectResponse> {
    if (!this.pages.areOn || session?.redirectUrl !== undefined) return failed(session, error, tryAgainUrl);
    const retryUrl = error.mayTryAgain ? tryAgainUrl : undefined;
    return { status: statusOf(error), ...(await this.pages.failed(languages, error, { retryUrl })) };
  }

  async ended(
    session: ConnectSession,
    error: ConnectError,
    { languages }: Visitor,
  ): Promise<ConnectResponse> {
    if (!this.pages.areOn) return ended(session, error);
    const backUrl = returnUrl(session, ['error', error.code]);
    return { status: statusOf(error), ...(await this.pages.failed(languages, error, { backUrl })) };
  }
}
