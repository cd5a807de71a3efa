import { Injectable, Logger } from '@nestjs/common';
import { GrantService } from '../../auth/grant.service';
import { describeError } from '../../common/describe-error';
import type { Mailbox } from '../../mailbox/mailbox.types';
import type { LabelFilter } from '../../gmail/label-filter';
import { WatchService } from '../../watch/watch.service';
import { type ConnectResponse, connected, failed, redirect, showPage } from './connect-response';
import { ConnectError, consentError, toConnectError } from '../connection.errors';
import { ConnectService } from './connect.service';
import { ConnectSessionService } from './connect-session.service';
import type { ConnectSession } from './connect-session.types';
import { ConsentService } from './consent.service';

/** What Google's redirect says. Anything may be missing, and anybody can call it with anything. */
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
    private readonly consents: ConsentService,
    private readonly mailboxes: ConnectService,
    private readonly watches: WatchService,
  ) {}

  /** Opens a one-time link: on to Google's consent page. */
  async open(token: string): Promise<ConnectResponse> {
    const session = await this.sessions.byToken(token);
    if (!session)
      return showPage(404, { title: 'There is no such link', text: 'Check that the address is complete.' });
    if (session.life !== 'open') return failed(undefined, new ConnectError(`session_${session.life}`));
    const { state, codeVerifier, loginHint } = session;
    return redirect(this.grants.consentUrl({ state, codeVerifier, loginHint }));
  }

  /** Takes the owner back from Google: connects the mailbox, or says why not. */
  async receive(query: CallbackQuery): Promise<ConnectResponse> {
    const session = query.state === undefined ? undefined : await this.sessions.byState(query.state);
    if (!session) return failed(undefined, new ConnectError('invalid_state'));
    try {
      const mailbox = await this.connect(session, query);
      await this.startWatch(mailbox.id, session);
      return connected(session.redirectUrl, mailbox.id, mailbox.emailAddress);
    } catch (error) {
      const failure = toConnectError(error);
      this.logger.warn(
        {
          sessionId: session.id,
          outcome: failure.code,
          error: failure.cause && describeError(failure.cause),
        },
        'a mailbox was not connected',
      );
      return failed(session.redirectUrl, failure);
    }
  }

  private async connect(session: ConnectSession, { code, error }: CallbackQuery): Promise<Mailbox> {
    if (session.life !== 'open') throw new ConnectError(`session_${session.life}`);
    if (error !== undefined) throw consentError(error);
    if (code === undefined) throw new ConnectError('invalid_request');
    if (!(await this.sessions.claim(session.id))) throw new ConnectError('session_used');
    try {
      const consent = await this.consents.redeem(code, session.codeVerifier);
      return await this.mailboxes.connect(consent, session.externalId, async (manager, mailboxId) => {
        await this.sessions.complete(manager, session.id);
        await this.watches.request(manager, mailboxId, wantedFilter(session));
      });
    } catch (cause) {
      await this.sessions.release(session.id);
      throw cause;
    }
  }

  /** The mailbox is connected whatever becomes of its watch, which shows the failure itself and is tried again. */
  private async startWatch(mailboxId: string, session: ConnectSession): Promise<void> {
    try {
      await this.watches.start(mailboxId, wantedFilter(session));
      this.logger.log({ mailboxId, outcome: 'connected' }, 'a mailbox was connected');
    } catch (error) {
      this.logger.warn(
        { mailboxId, outcome: 'connected_without_watch', error: describeError(error) },
        'a mailbox was connected, and Google did not start its watch',
      );
    }
  }
}

/** What the session leaves open is as it was, or the default. */
function wantedFilter({ labelIds, labelFilterBehavior }: ConnectSession): Partial<LabelFilter> {
  return { ...(labelIds && { labelIds }), ...(labelFilterBehavior && { labelFilterBehavior }) };
}
