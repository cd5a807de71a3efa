import { Injectable } from '@nestjs/common';
import { gmail, type gmail_v1 } from 'googleapis/build/src/apis/gmail/index.js';
import { GrantService } from '../../auth/grant.service';
import { InboxwireError } from '../../common/inboxwire.error';
import { Metrics } from '../../observability/metrics';
import { inSpan, SpanKind } from '../../observability/tracing';
import { GoogleSettings } from '../../config/settings';
import { type BatchPart, sendBatch } from './batch';
import { explainGmailError, type GoogleResponse } from './explain-gmail-error';
import { success, unreadable, withoutRequest } from './gmail-response';
import { GmailApiError } from '../gmail.errors';
import type {
  GmailLabel,
  GmailMessage,
  HistoryPage,
  HistoryRecord,
  MessageDetail,
  MessagePage,
  StartedWatch,
} from '../gmail.types';
import type { GmailCaller, GmailMethod } from '../quota/costs';
import { messageQuery } from '../message/message-fields';
import { withPatience } from '../quota/patience';
import { QuotaService } from '../quota/quota.service';

/** Milliseconds for one call. Gmail answers in well under a second; a worker must not hang on one that never does. */
const TIMEOUT = 20_000;

/** The most records of a history page (users.history.list) and the most calls that Google recommends in a batch. */
const HISTORY_PAGE = 500;
const BATCH_SIZE = 50;
const LIST_PAGE = 500;

/** Messages that are paid for at once: as many as a caller commits together. */
const PAID_AT_ONCE = 100;

type CallOptions = { headers: Record<string, string>; signal: AbortSignal } & typeof CALL;

/** What is told to the SDK for every call: no retries of its own (ours are persisted), and every status is ours to read. */
const CALL = { retry: false, validateStatus: () => true, fetchImplementation: fetch } as const;

/**
 * Speaks to the Gmail API on behalf of a mailbox, within its quota, and stores nothing. Every method throws GmailApiError,
 * GrantDeadError or TokenEndpointUnavailableError and nothing else of its own; a 401 under a live grant is answered by one refresh and one repeat.
 */
@Injectable()
export class GmailApiClient {
  private readonly api: gmail_v1.Gmail;

  constructor(
    private readonly settings: GoogleSettings,
    private readonly grants: GrantService,
    private readonly quota: QuotaService,
    private readonly metrics: Metrics,
  ) {
    this.api = gmail({
      version: 'v1',
      ...(settings.origin !== undefined && { rootUrl: `${settings.origin}/` }),
    });
  }

  /** Whose access token this is, straight after consent: one unit, paid by no mailbox since it is not one yet. */
  async profile(accessToken: string): Promise<{ emailAddress: string }> {
    const answer = await this.attempt(accessToken, (options) =>
      this.api.users.getProfile({ userId: 'me' }, options),
    );
    const { emailAddress } = success<gmail_v1.Schema$Profile>(answer);
    if (!emailAddress) throw unreadable('users.getProfile', 'an emailAddress');
    return { emailAddress };
  }

  /** The mailbox's current history id, by `users.getProfile`. */
  async currentHistoryId(caller: GmailCaller): Promise<bigint> {
    const { historyId } = await this.call<gmail_v1.Schema$Profile>(caller, 'users.getProfile', (options) =>
      this.api.users.getProfile({ userId: 'me' }, options),
    );
    if (!/^\d+$/.test(String(historyId))) throw unreadable('users.getProfile', 'a historyId');
    return BigInt(historyId!);
  }

  /**
   * One page of `users.messages.list`, newest first: what carries all of the labels. `q` is refused under the scope
   * gmail.metadata.
   */
  async list(
    caller: GmailCaller,
    query: { q?: string; labelIds?: string[]; pageToken?: string },
  ): Promise<MessagePage> {
    const parameters = { userId: 'me', maxResults: LIST_PAGE, includeSpamTrash: true, ...query };
    const body = await this.call<gmail_v1.Schema$ListMessagesResponse>(
      caller,
      'users.messages.list',
      (options) =>
        this.api.users.messages.list(
          { ...parameters, fields: 'messages(id,threadId),nextPageToken' },
          options,
        ),
    );
    return {
      messages: (body.messages ?? []) as MessagePage['messages'],
      nextPageToken: body.nextPageToken ?? undefined,
    };
  }

  /** `users.watch`: starts the watch, or renews it, or replaces its filter. */
  async watch(
    mailboxId: string,
    request: { labelIds: string[]; labelFilterBehavior: 'include' | 'exclude' },
  ): Promise<StartedWatch> {
    const filter = request.labelIds.length > 0 ? request : {};
    const requestBody = { topicName: this.settings.pushTopic, ...filter };
    const caller: GmailCaller = { mailboxId, priority: 'watch' };
    const body = await this.call<gmail_v1.Schema$WatchResponse>(caller, 'users.watch', (options) =>
      this.api.users.watch({ userId: 'me', requestBody }, options),
    );
    // Milliseconds since the epoch, in a string. A watch whose end is unknown would never be renewed.
    const expiration = Number(body.expiration);
    if (!(expiration > 0) || !/^\d+$/.test(String(body.historyId)))
      throw unreadable('users.watch', 'an expiration');
    return { historyId: BigInt(body.historyId!), expiresAt: new Date(expiration) };
  }

  /** `users.stop`. */
  async stop(mailboxId: string, signal?: AbortSignal): Promise<void> {
    await this.call({ mailboxId, priority: 'watch', signal }, 'users.stop', (options) =>
      this.api.users.stop({ userId: 'me' }, options),
    );
  }

  /** The ids of every label of the mailbox. */
  async labelIds(caller: GmailCaller): Promise<Set<string>> {
    return new Set((await this.labels(caller)).map(({ id }) => id));
  }

  /** Every label of the mailbox, by `users.labels.list`. */
  async labels(caller: GmailCaller): Promise<GmailLabel[]> {
    const { labels } = await this.call<gmail_v1.Schema$ListLabelsResponse>(
      caller,
      'users.labels.list',
      (options) => this.api.users.labels.list({ userId: 'me', fields: LABEL_FIELDS }, options),
    );
    // Every mailbox has Gmail's own labels: an answer without any is none.
    if (!labels?.length) throw unreadable('users.labels.list', 'labels');
    return labels as GmailLabel[];
  }

  /** One page of `users.history.list`: all four kinds, every label; filters are ours to apply. */
  async history(caller: GmailCaller, startHistoryId: bigint, pageToken?: string): Promise<HistoryPage> {
    const query = {
      userId: 'me',
      startHistoryId: startHistoryId.toString(),
      maxResults: HISTORY_PAGE,
      pageToken,
    };
    const body = await this.call<gmail_v1.Schema$ListHistoryResponse>(
      caller,
      'users.history.list',
      (options) => this.api.users.history.list({ ...query, fields: HISTORY_FIELDS }, options),
    );
    if (!/^\d+$/.test(String(body.historyId))) throw unreadable('users.history.list', 'a historyId');
    return {
      records: (body.history ?? []) as HistoryRecord[],
      nextPageToken: body.nextPageToken ?? undefined,
      historyId: BigInt(body.historyId!),
    };
  }

  /** A message by its id; undefined when it is gone. */
  async message(caller: GmailCaller, id: string, detail: MessageDetail): Promise<GmailMessage | undefined> {
    for await (const [, message] of this.messages(caller, [id], detail)) return message;
  }

  /**
   * Messages by id, with as few requests as possible and at most 50 in each; undefined for one that is gone. Those of one
   * answer are in memory at a time, which are few when they are very large: take what is needed of each, and let go of it.
   */
  async *messages(
    caller: GmailCaller,
    ids: string[],
    detail: MessageDetail,
  ): AsyncGenerator<[id: string, message: GmailMessage | undefined]> {
    let left = ids;
    let size = BATCH_SIZE;
    let paid = 0;
    while (left.length > 0) {
      const some = left.slice(0, size);
      if (paid < some.length) {
        const missing = Math.min(PAID_AT_ONCE, left.length) - paid;
        // To be told half-way that the rest must wait would waste what was read; so does a wait, but only of time.
        const long = left.length < ids.length;
        await withPatience(caller.patience, () =>
          this.quota.spend(caller, 'users.messages.get', missing, { long }),
        );
        paid += missing;
      }
      paid -= some.length;
      const read = some.length === 1 ? this.one.bind(this) : this.batch.bind(this);
      const found = await this.heeding(caller, 'users.messages.get', () => read(caller, some, detail));
      yield* found;
      left = left.filter((id) => !found.has(id));
      // After an answer that was too large, only as many are asked for as came whole, and then one more each time.
      size = found.size < some.length ? Math.max(1, found.size) : Math.min(BATCH_SIZE, size + 1);
    }
  }

  private async one(caller: GmailCaller, [id]: string[], detail: MessageDetail) {
    const query = { userId: 'me', id: id!, ...messageQuery(detail) };
    const answer = await this.answer(caller, (options) => this.api.users.messages.get(query, options));
    return new Map([[id!, answer.status === 404 ? undefined : success<GmailMessage>(answer)]]);
  }

  /** @returns those of the messages whose answers were read: all, unless they are too large for one batch */
  private async batch(caller: GmailCaller, ids: string[], detail: MessageDetail) {
    const query = new URLSearchParams(messageQuery(detail)).toString();
    const paths = ids.map((id) => `/gmail/v1/users/me/messages/${encodeURIComponent(id)}?${query}`);
    let parts: (BatchPart | undefined)[] = [];
    let cut = false;
    const send = async ({ headers, signal }: CallOptions) => {
      const answer = await sendBatch(this.settings.origin, paths, headers, signal);
      ({ parts, cut } = answer);
      // A token that died is refused part by part within a batch that succeeds.
      const rejected = parts.find((part) => part?.status === 401);
      return { ...answer, ...(rejected && { status: 401, data: rejected.body }) };
    };
    const answer = await this.answer(caller, send);
    if (answer.status !== 200) throw explainGmailError(answer);
    const found = new Map<string, GmailMessage | undefined>();
    for (const [index, part] of parts.entries())
      if (part) found.set(ids[index]!, part.status === 404 ? undefined : success<GmailMessage>(part));
      else if (!cut) throw unreadable('batch', 'an answer for each part');
    return found;
  }

  /** Any call: paid for, sent with a live token, and its answer's body when it is a success. */
  async call<T>(caller: GmailCaller, method: GmailMethod, send: Send): Promise<T> {
    return withPatience(caller.patience, async () => {
      await this.quota.spend(caller, method);
      return this.heeding(caller, method, async () => success<T>(await this.answer(caller, send)));
    });
  }

  /** Sees to it that nobody asks before the time that Google names. */
  private async heeding<T>(caller: GmailCaller, method: GmailMethod, work: () => Promise<T>): Promise<T> {
    const attributes = { 'rpc.method': method, 'inboxwire.mailbox.id': caller.mailboxId };
    try {
      const answer = await inSpan('gmail.call', { kind: SpanKind.CLIENT, attributes }, work);
      this.metrics.gmailCalls.inc({ method, outcome: 'ok' });
      return answer;
    } catch (error) {
      const outcome = error instanceof InboxwireError ? error.code : 'internal_error';
      this.metrics.gmailCalls.inc({ method, outcome });
      if (error instanceof GmailApiError && error.code === 'rate_limited')
        await this.quota.heed(caller, error);
      throw error;
    }
  }

  private async answer({ mailboxId, signal }: GmailCaller, send: Send): Promise<GoogleResponse> {
    const token = await this.grants.accessToken(mailboxId);
    const first = await this.attempt(token, send, signal);
    if (first.status !== 401) return first;
    return this.attempt(await this.grants.accessToken(mailboxId, token), send, signal);
  }

  private async attempt(accessToken: string, send: Send, signal?: AbortSignal): Promise<GoogleResponse> {
    const timeout = AbortSignal.timeout(TIMEOUT);
    const headers = { authorization: `Bearer ${accessToken}` };
    try {
      const options = { ...CALL, headers, signal: signal ? AbortSignal.any([signal, timeout]) : timeout };
      const { status, headers: answered, data } = await send(options);
      return {
        status,
        retryAfter: new Headers(answered).get('retry-after'),
        body: data,
      };
    } catch (error) {
      if (error instanceof InboxwireError) throw error;
      throw new GmailApiError('gmail_unavailable', 'Gmail could not be reached; it will be asked again.', {
        cause: withoutRequest(error),
      });
    }
  }
}

type Send = (options: CallOptions) => Promise<{ status: number; headers: object; data: unknown }>;

const LABEL_FIELDS = 'labels(id,name,type,messageListVisibility,labelListVisibility,color)';
const CHANGE = 'message(id,threadId,labelIds)';
const HISTORY_FIELDS =
  `history(id,messagesAdded/${CHANGE},messagesDeleted/${CHANGE},` +
  `labelsAdded(${CHANGE},labelIds),labelsRemoved(${CHANGE},labelIds)),nextPageToken,historyId`;
