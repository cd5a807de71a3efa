import { Injectable } from '@nestjs/common';
import { GrantService } from '../../auth/grant.service';
import { type ConnectResponse, failed, redirect, showPage } from './connect-response';
import { ConnectError } from './connect.error';
import { ConnectSessionService } from './connect-session.service';

/** Opens one-time links. As often as anybody likes until the callback has completed: mail scanners open links too. */
@Injectable()
export class LinkService {
  constructor(
    private readonly sessions: ConnectSessionService,
    private readonly grants: GrantService,
  ) {}

  async open(token: string): Promise<ConnectResponse> {
    const session = await this.sessions.byToken(token);
    if (!session)
      return showPage(404, { title: 'There is no such link', text: 'Check that the address is complete.' });
    if (session.life !== 'open') return failed(undefined, new ConnectError(`session_${session.life}`));
    return redirect(
      this.grants.consentUrl({
        state: session.state,
        codeVerifier: session.codeVerifier,
        loginHint: session.loginHint,
      }),
    );
  }
}
