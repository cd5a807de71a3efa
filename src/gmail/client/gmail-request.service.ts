import { Injectable } from '@nestjs/common';
import type { IncomingHttpHeaders } from 'node:http';
import { GrantService } from '../../auth/grant.service';
import { withDeadline } from '../../common/deadline';
import { InboxwireError } from '../../common/inboxwire.error';
import { Metrics } from '../../observability/metrics';
import { inSpan, SpanKind } from '../../observability/tracing';
import { GmailApiError } from '../gmail.errors';
import type { GmailCaller, GmailMethod } from '../quota/costs';
import { withPatience } from '../quota/patience';
import { QuotaService } from '../quota/quota.service';
import { type GoogleResponse, refusesToken } from './explain-gmail-error';
import { success, withoutRequest } from './gmail-response';

/** The longest that one call may take. Gmail answers in well under a second; a worker must not hang on a call that never ends. */
const MAX_CALL_MS = 20_000;

export interface RequestOptions {
  headers: Record<string, string>;
  signal: AbortSignal;
}

/** Sends one request to Google, whatever its answer is; fails only without an answer. */
export type Send = (
  options: RequestOptions,
) => Promise<{ status: number; headers: Headers | IncomingHttpHeaders; data: unknown }>;

/**
 * Makes calls of the Gmail API on behalf of a mailbox: within its quota, with a live token, within a time limit, counted and
 * traced. A 401 under a live grant is answered by one refresh and one repeat; a missing permission by one repeat, when the token
 * was that of an earlier grant.
 *
 * Throws GmailApiError, GrantDeadError or TokenEndpointUnavailableError and nothing else of its own.
 */
@Injectable()
export class GmailRequestService {
  constructor(
    private readonly grants: GrantService,
    private readonly quota: QuotaService,
    private readonly metrics: Metrics,
  ) {}

  /** Reserves the units of the call, sends it, and returns the body of a success. */
  async call<T>(caller: GmailCaller, method: GmailMethod, send: Send): Promise<T> {
    return withPatience(caller.patience, async () => {
      await this.quota.reserve(caller, method);
      return this.observe(caller, method, async () => success<T>(await this.send(caller, send)));
    });
  }

  /** Counts and traces work whose units are reserved. */
  async observe<T>(caller: GmailCaller, method: GmailMethod, work: () => Promise<T>): Promise<T> {
    const attributes = { 'rpc.method': method, 'inboxwire.mailbox.id': caller.mailboxId };
    try {
      const result = await inSpan('gmail.call', { kind: SpanKind.CLIENT, attributes }, work);
      this.metrics.gmailCalls.inc({ method, outcome: 'ok' });
      return result;
    } catch (error) {
      await this.recordRefusal(caller, method, error);
      throw error;
    }
  }

  /** Counts a call that failed. Nobody asks before the time that Google named. */
  async recordRefusal(caller: GmailCaller, method: GmailMethod, error: unknown): Promise<void> {
    const outcome = error instanceof InboxwireError ? error.code : 'internal_error';
    this.metrics.gmailCalls.inc({ method, outcome });
    if (error instanceof GmailApiError && error.code === 'rate_limited')
      await this.quota.recordThrottle(caller, error);
  }

  /** Google's response to a request with the mailbox's token, whatever its status. */
  async send(caller: GmailCaller, send: Send): Promise<GoogleResponse> {
    const { place } = caller;
    return place ? place.during(() => this.sendAs(caller, send)) : this.sendAs(caller, send);
  }

  private async sendAs({ mailboxId, signal }: GmailCaller, send: Send): Promise<GoogleResponse> {
    const token = await this.grants.accessToken(mailboxId);
    const first = await this.sendWith(token, send, signal);
    const other = await this.replacement(mailboxId, token, first);
    return other === undefined ? first : this.sendWith(other, send, signal);
  }

  /** The same with a token that belongs to no mailbox yet. */
  async sendWith(accessToken: string, send: Send, signal?: AbortSignal): Promise<GoogleResponse> {
    const headers = { authorization: `Bearer ${accessToken}` };
    try {
      const response = await withDeadline(MAX_CALL_MS, signal, (ending) => send({ headers, signal: ending }));
      return {
        status: response.status,
        retryAfter: headerOf(response.headers, 'retry-after'),
        date: headerOf(response.headers, 'date'),
        body: response.data,
      };
    } catch (error) {
      if (error instanceof InboxwireError) throw error;
      throw new GmailApiError('gmail_unavailable', 'Gmail could not be reached; it will be asked again.', {
        cause: withoutRequest(error),
      });
    }
  }

  /** @returns the token to repeat a call with, should Gmail have refused the one that it was made with */
  private async replacement(
    mailboxId: string,
    token: string,
    response: GoogleResponse,
  ): Promise<string | undefined> {
    if (!refusesToken(response)) return undefined;
    return response.status === 401
      ? this.grants.accessToken(mailboxId, token)
      : this.grants.replacementOf(token, mailboxId);
  }
}

function headerOf(headers: Headers | IncomingHttpHeaders, name: string): string | null {
  const value = isFetched(headers) ? headers.get(name) : headers[name];
  return (Array.isArray(value) ? value[0] : value) ?? null;
}

function isFetched(headers: Headers | IncomingHttpHeaders): headers is Headers {
  return typeof headers.get === 'function';
}
