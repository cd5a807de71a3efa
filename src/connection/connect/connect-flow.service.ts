import { Injectable, Logger } from '@nestjs/common';
import { ServerSettings } from '../../config/settings';
import { MethodNotAllowedError } from '../../http/http.errors';
import { ConnectError, consentError } from '../connection.errors';
import { browserCookie, isSameBrowser, surplusCookies } from './browser-cookie';
import { CodeRedemptionService } from './code-redemption.service';
import { type ConnectResponse, redirect } from './connect-response';
import { ConnectResponseService, type Visitor } from './connect-response.service';
import { ConnectSessionService } from './connect-session.service';
import type { CallbackOutcome, ConnectSession } from './connect-session.types';
import { ConsentUrlService } from './consent-url.service';

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
    private readonly redemptions: CodeRedemptionService,
    private readonly consentUrls: ConsentUrlService,
    private readonly responses: ConnectResponseService,
    private readonly server: ServerSettings,
  ) {}

  /**
   * Opens a one-time link: on to Google's consent page, with a cookie that the callback has to bring; or first to a page of the
   * operator's, whose button comes back.
   */
  open(token: string, visitor: Visitor): Promise<ConnectResponse> {
    return this.whileOpen(token, visitor, async (session) => {
      if (!this.responses.asksFirst) return redirect(await this.consentUrls.of(session));
      const address = await this.consentUrls.requiredAddress(session);
      return this.responses.ask(session, token, address, visitor);
    });
  }

  /** The button was pressed. @throws MethodNotAllowedError where there is none */
  async begin(token: string, visitor: Visitor): Promise<ConnectResponse> {
    if (!this.responses.asksFirst) throw new MethodNotAllowedError('POST', ['GET', 'HEAD']);
    return this.whileOpen(token, visitor, async (session) =>
      redirect(await this.consentUrls.of(session), 303),
    );
  }

  /** Takes the owner back from Google: connects the mailbox, or says why not. */
  async receive(query: CallbackQuery, visitor: Visitor): Promise<ConnectResponse> {
    const cookies = surplusCookies(visitor.cookies, this.isSecure);
    return { ...(await this.complete(query, visitor)), cookies };
  }

  private async whileOpen(
    token: string,
    visitor: Visitor,
    answer: (session: ConnectSession) => Promise<ConnectResponse>,
  ): Promise<ConnectResponse> {
    const session = await this.sessions.byToken(token);
    if (!session) return this.responses.noSuchLink(visitor);
    if (session.life !== 'open')
      return this.responses.ended(session, new ConnectError(`session_${session.life}`), visitor);
    return { ...(await answer(session)), cookies: [browserCookie(session, this.isSecure)] };
  }

  private get isSecure(): boolean {
    return this.server.publicUrl.startsWith('https:');
  }

  private async complete(query: CallbackQuery, visitor: Visitor): Promise<ConnectResponse> {
    const session = query.state === undefined ? undefined : await this.sessions.byState(query.state);
    if (!session) return this.responses.failed(undefined, new ConnectError('invalid_state'), visitor);
    const outcome = await this.outcome(session, query, visitor.cookies);
    if ('error' in outcome) {
      const tryAgainUrl = session.life === 'open' ? await this.consentUrls.of(session) : undefined;
      return this.responses.failed(session, new ConnectError(outcome.error), visitor, tryAgainUrl);
    }
    return this.responses.connected(session, outcome.mailboxId, visitor);
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
}
