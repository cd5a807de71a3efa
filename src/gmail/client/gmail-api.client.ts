import { Injectable } from '@nestjs/common';
import { gmail, type gmail_v1 } from 'googleapis/build/src/apis/gmail/index.js';
import { googleUrl } from '../../config/google-url';
import { GoogleSettings } from '../../config/settings';
import type {
  GmailLabel,
  GmailMessage,
  HistoryPage,
  LabelRequest,
  MessageDetail,
  MessagePage,
  StartedWatch,
} from '../gmail.types';
import type { GmailCaller, GmailMethod } from '../quota/costs';
import { getJson } from './get-json';
import { GmailRequestService, type RequestOptions, type Send } from './gmail-request.service';
import { addressOf, historyIdOf, recordsOf, success, unreadable } from './gmail-response';
import { MessageClient } from './message.client';

/** The most entries of a page that Google allows. */
const MAX_HISTORY_PAGE = 500;
const MAX_LIST_PAGE = 500;

/** Options of the SDK for every call: no retries of its own (ours are persisted), and every status is ours to read. */
const SDK_OPTIONS = { retry: false, validateStatus: () => true, fetchImplementation: fetch } as const;

type SdkOptions = RequestOptions & typeof SDK_OPTIONS;

/**
 * The methods of the Gmail API that Inboxwire uses, by Google's SDK. Stores nothing. Every method throws GmailApiError,
 * GrantDeadError or TokenEndpointUnavailableError and nothing else of its own.
 */
@Injectable()
export class GmailApiClient {
  private readonly api: gmail_v1.Gmail;

  constructor(
    private readonly settings: GoogleSettings,
    private readonly requests: GmailRequestService,
    private readonly reader: MessageClient,
  ) {
    this.api = gmail({
      version: 'v1',
      ...(settings.origin !== undefined && { rootUrl: `${settings.origin}/` }),
    });
  }

  /** Whose access token this is, straight after consent: one unit, paid by no mailbox since it is not one yet. */
  async profile(accessToken: string): Promise<{ emailAddress: string }> {
    const response = await this.requests.sendWith(accessToken, (options) =>
      this.api.users.getProfile({ userId: 'me' }, { ...SDK_OPTIONS, ...options }),
    );
    return { emailAddress: addressOf(success<gmail_v1.Schema$Profile>(response)) };
  }

  /** The address that the account of a mailbox has now, by `users.getProfile`. */
  async emailAddress(caller: GmailCaller): Promise<string> {
    const profile = await this.call<gmail_v1.Schema$Profile>(caller, 'users.getProfile', (options) =>
      this.api.users.getProfile({ userId: 'me' }, options),
    );
    return addressOf(profile);
  }

  /** The mailbox's current history id, by `users.getProfile`. */
  async currentHistoryId(caller: GmailCaller): Promise<bigint> {
    const { historyId } = await this.call<gmail_v1.Schema$Profile>(caller, 'users.getProfile', (options) =>
      this.api.users.getProfile({ userId: 'me' }, options),
    );
    return historyIdOf('users.getProfile', historyId);
  }

  /**
   * One page of `users.messages.list`, newest first: what carries all of the labels, spam
   * and trash included unless that is refused. `q` is refused under the scope gmail.metadata.
   */
  async list(
    caller: GmailCaller,
    query: {
      q?: string;
      labelIds?: string[];
      pageToken?: string;
      maxResults?: number;
      includeSpamTrash?: boolean;
    },
  ): Promise<MessagePage> {
    const parameters = { userId: 'me', maxResults: MAX_LIST_PAGE, includeSpamTrash: true, ...query };
    const body = await this.call<gmail_v1.Schema$ListMessagesResponse>(
      caller,
      'users.messages.list',
      (options) =>
        this.api.users.messages.list(
          { ...parameters, fields: 'messages(id,threadId),nextPageToken,resultSizeEstimate' },
          options,
        ),
    );
    // Gmail says of an empty list that it has none. An answer without anything would make every message look deleted.
    if (!body.messages && body.resultSizeEstimate === undefined)
      throw unreadable('users.messages.list', 'messages and their number');
    return {
      messages: (body.messages ?? []) as MessagePage['messages'],
      nextPageToken: body.nextPageToken ?? undefined,
      sizeEstimate: body.resultSizeEstimate ?? 0,
    };
  }

  /**
   * Changes the labels of a message, by `users.messages.modify`.
   *
   * @returns its labels after the change
   */
  async modify(caller: GmailCaller, id: string, requestBody: LabelRequest): Promise<string[]> {
    const { id: modified, labelIds } = await this.call<gmail_v1.Schema$Message>(
      caller,
      'users.messages.modify',
      (options) =>
        this.api.users.messages.modify({ userId: 'me', id, requestBody, fields: 'id,labelIds' }, options),
    );
    if (modified !== id) throw unreadable('users.messages.modify', 'the message');
    return labelIds ?? [];
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
    // Milliseconds since the epoch, in a string; seconds would be a time before Gmail was. RFC 3339 ends in 9999.
    const expiresAt = new Date(Number(body.expiration));
    const year = expiresAt.getUTCFullYear();
    // A watch whose end is unknown would never be renewed.
    if (!(year >= 2004 && year <= 9999)) throw unreadable('users.watch', 'an expiration');
    return { historyId: historyIdOf('users.watch', body.historyId), expiresAt };
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
    // Every mailbox has Gmail's own labels: a response without any is none.
    if (!labels?.length) throw unreadable('users.labels.list', 'labels');
    return labels as GmailLabel[];
  }

  /** One page of `users.history.list`: all four kinds, every label; filters are ours to apply. */
  async history(caller: GmailCaller, startHistoryId: bigint, pageToken?: string): Promise<HistoryPage> {
    const query = new URLSearchParams({
      startHistoryId: startHistoryId.toString(),
      maxResults: String(MAX_HISTORY_PAGE),
      fields: HISTORY_FIELDS,
      ...(pageToken !== undefined && { pageToken }),
    });
    const url = googleUrl(this.settings.origin, `${HISTORY_URL}?${query.toString()}`);
    const body = await this.requests.call<gmail_v1.Schema$ListHistoryResponse>(
      caller,
      'users.history.list',
      (options) => getJson(url, options),
    );
    return {
      records: recordsOf(body.history),
      nextPageToken: body.nextPageToken ?? undefined,
      historyId: historyIdOf('users.history.list', body.historyId),
    };
  }

  /** A message by its id; undefined when it is gone. */
  message(caller: GmailCaller, id: string, detail: MessageDetail): Promise<GmailMessage | undefined> {
    return this.reader.message(caller, id, detail);
  }

  /** Many messages by their ids: see MessageClient. */
  messages(
    caller: GmailCaller,
    ids: string[],
    detail: MessageDetail,
  ): AsyncGenerator<[id: string, message: GmailMessage | undefined]> {
    return this.reader.messages(caller, ids, detail);
  }

  private call<T>(
    caller: GmailCaller,
    method: GmailMethod,
    send: (options: SdkOptions) => ReturnType<Send>,
  ): Promise<T> {
    return this.requests.call<T>(caller, method, (options) => send({ ...SDK_OPTIONS, ...options }));
  }
}

const HISTORY_URL = 'https://gmail.googleapis.com/gmail/v1/users/me/history';
const LABEL_FIELDS = 'labels(id,name,type,messageListVisibility,labelListVisibility,color)';
const CHANGE = 'message(id,threadId,labelIds)';
const HISTORY_FIELDS =
  `history(id,messagesAdded/${CHANGE},messagesDeleted/${CHANGE},` +
  `labelsAdded(${CHANGE},labelIds),labelsRemoved(${CHANGE},labelIds)),nextPageToken,historyId`;
