import { Injectable, Logger } from '@nestjs/common';
import { GrantService } from '../../auth/grant.service';
import { ServerSettings } from '../../config/settings';
import { MailboxService } from '../../mailbox/mailbox.service';
import { ConnectError, consentError } from '../connection.errors';
import { browserCookie, isSameBrowser, surplusCookies } from './browser-cookie';
import { CodeRedemptionService } from './code-redemption.service';
import { type ConnectResponse, connected, ended, failed, redirect, showPage } from './connect-response';
import { ConnectSessionService } from './connect-session.service';
import type { CallbackOutcome, ConnectSession } from './connect-session.types';

/** What Google's redirect says, and the browser that brings it. Anything may be missing, and anybody can call it with anything. */
export interface CallbackQuery {
  state: string | undefined;
  code: string | undefined;
  error: string | undefined;
}

/** Takes the parameters that are given once; Google adds others, now and in future, which mean nothing here. */
export function readCallback(query: Record<string, unknown>): CallbackQuery {
  return { state: text(query.state), code: text(query.code), error: text(query.error) };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/**
 * The two visits of a mailbox owner's browser. A link may be opened any number of times until its callback has completed:
 * mail scanners open links too, and after an error the owner does.
 */
@Injectable()
export class ConnectFlowService {
  private readonly logger = new Logger(ConnectFlowService.name);

  constructor(
    private readonly sessions: ConnectSessionService,
    private readonly grants: GrantService,
    private readonly redemptions: CodeRedemptionService,
    private readonly mailboxes: MailboxService,
    private readonly server: ServerSettings,
  ) {}

  /** Opens a one-time link: on to Google's consent page, with a cookie that the callback has to bring. */
  async open(token: string): Promise<ConnectResponse> {
    const session = await this.sessions.byToken(token);
    if (!session)
      return showPage(404, { title: 'There is no such link', text: 'Check that the address is complete.' });
    if (session.life !== 'open') return ended(session, new ConnectError(`session_${session.life}`));
    return { ...redirect(await this.consentUrl(session)), cookies: [browserCookie(session, this.isSecure)] };
  }

  /** Takes the owner back from Google: connects the mailbox, or says why not. */
  async receive(query: CallbackQuery, cookieHeader: string | undefined): Promise<ConnectResponse> {
    const cookies = surplusCookies(cookieHeader, this.isSecure);
    return { ...(await this.complete(query, cookieHeader)), cookies };
  }

  private get isSecure(): boolean {
    return this.server.publicUrl.startsWith('https:');
  }

  private async complete(query: CallbackQuery, cookieHeader: string | undefined): Promise<ConnectResponse> {
    const session = query.state === undefined ? undefined : await this.sessions.byState(query.state);
    if (!session) return failed(undefined, new ConnectError('invalid_state'));
    const outcome = await this.outcome(session, query, cookieHeader);
    if ('error' in outcome) {
      const tryAgainUrl = session.life === 'open' ? await this.consentUrl(session) : undefined;
      return failed(session, new ConnectError(outcome.error), tryAgainUrl);
    }
    const { id, emailAddress } = await this.mailboxes.get(outcome.mailboxId);
    return connected(session, id, emailAddress);
  }

  private async outcome(
    session: ConnectSession,
    { code, error }: CallbackQuery,
    cookieHeader: string | undefined,
  ): Promise<CallbackOutcome> {
    // Without its secrets a session can neither be completed nor know its browser.
    if (session.codeVerifier === '') return { error: `session_${session.life}` };
    if (!isSameBrowser(session, cookieHeader)) return this.refuse(session, new ConnectError('wrong_browser'));
    if (error === undefined && code !== undefined) return this.redemptions.redeem(session, code);
    if (session.life !== 'open') return { error: `session_${session.life}` };
    return this.refuse(
      session,
      error === undefined ? new ConnectError('invalid_request') : consentError(error),
    );
  }

  private async refuse({ id: sessionId }: ConnectSession, error: ConnectError): Promise<CallbackOutcome> {
    await this.sessions.recordError(sessionId, error);
    const { code, remedy } = error;
    const facts = { sessionId, outcome: code };
    if (remedy === undefined) this.logger.warn(facts, 'a mailbox was not connected');
    else this.logger.error({ ...facts, remedy }, `no mailbox can be connected: ${remedy}`);
    return { error: code };
  }

  /** Where the owner consents, with the account suggested that the session is for. */
  private async consentUrl(session: ConnectSession): Promise<string> {
    const { state, codeVerifier, loginHint, expectedEmailAddress, mailboxId } = session;
    const known = mailboxId === undefined ? undefined : await this.mailboxes.get(mailboxId);
    const hint = loginHint ?? expectedEmailAddress ?? known?.emailAddress;
    return this.grants.consentUrl({ state, codeVerifier, loginHint: hint });
  }
}
