import { Injectable } from '@nestjs/common';
import { googleUrl } from '../../config/google-url';
import { GoogleSettings } from '../../config/settings';
import { GmailApiError } from '../gmail.errors';
import type { GmailMessage, MessageDetail } from '../gmail.types';
import { messageQuery } from '../message/message-fields';
import type { GmailCaller } from '../quota/costs';
import { withPatience } from '../quota/patience';
import { QuotaService } from '../quota/quota.service';
import { type BatchPart, sendBatch } from './batch';
import { BatchSize } from './batch-size';
import { explainGmailError, refusesToken } from './explain-gmail-error';
import { getJson } from './get-json';
import { GmailRequestService } from './gmail-request.service';
import { messageOf, unreadable } from './gmail-response';
import { readParts, type ReadMessages } from './message-batch';
import { type MessageStream, MessageTextClient } from './message-text.client';
import { MAX_FAILURES, RefusalWait } from './refusal-wait';

/** Messages whose units are reserved at once: as many as a caller commits together. */
const MAX_RESERVED = 100;

const GET = 'users.messages.get';

/** Reads messages, many in one request. Throws what GmailRequestService throws. */
@Injectable()
export class MessageClient {
  constructor(
    private readonly settings: GoogleSettings,
    private readonly requests: GmailRequestService,
    private readonly quota: QuotaService,
    private readonly texts: MessageTextClient,
    private readonly refusals: RefusalWait,
  ) {}

  /** A message by its id; undefined when it is gone. */
  async message(caller: GmailCaller, id: string, detail: MessageDetail): Promise<GmailMessage | undefined> {
    for await (const [, message] of this.messages(caller, [id], detail)) return message;
  }

  /**
   * Messages by id, with as few requests as possible; undefined for one that is gone. Only those of one response are in memory
   * at a time, and these are few when they are very large: take what you need of each, and let go of it.
   *
   * What Google refuses within a batch is asked for again, in smaller batches; what was read is not.
   */
  messages(caller: GmailCaller, ids: string[], detail: MessageDetail): MessageStream {
    const read = (some: string[]) => this.asSent(caller, some, detail);
    return detail === 'bodies' ? this.texts.withTexts(caller, ids, read) : read(ids);
  }

  /** Messages as Gmail sends them: without what is very large. */
  private async *asSent(caller: GmailCaller, ids: string[], detail: MessageDetail): MessageStream {
    const size = new BatchSize();
    let left = ids;
    let reserved = 0;
    while (left.length > 0) {
      const some = left.slice(0, size.next);
      if (reserved < some.length) {
        const missing = Math.min(MAX_RESERVED, left.length) - reserved;
        // A refusal half-way would waste what was read; a wait only costs time.
        const long = left.length < ids.length;
        await withPatience(caller.patience, () => this.quota.reserve(caller, GET, missing, { long }));
        reserved += missing;
      }
      reserved -= some.length;
      const { found, refusal } = await this.read(caller, some, detail, left.length < ids.length);
      yield* found;
      left = left.filter((id) => !found.has(id));
      size.record(some.length, found.size);
      if (refusal && size.failures > MAX_FAILURES) throw refusal;
      if (refusal) await this.refusals.after(refusal, size.failures, caller.signal);
    }
  }

  /** @param inPlace whether a refusal of everything is returned too, for others were read already */
  private async read(
    caller: GmailCaller,
    ids: string[],
    detail: MessageDetail,
    inPlace: boolean,
  ): Promise<ReadMessages> {
    const read = ids.length === 1 ? this.one.bind(this) : this.batch.bind(this);
    try {
      const result = await this.requests.observe(caller, GET, () => read(caller, ids, detail));
      if (result.refusal) await this.requests.recordRefusal(caller, GET, result.refusal);
      return result;
    } catch (error) {
      if (!inPlace || !(error instanceof GmailApiError) || !error.retryable) throw error;
      return { found: new Map(), refusal: error };
    }
  }

  private async one(caller: GmailCaller, [id]: string[], detail: MessageDetail): Promise<ReadMessages> {
    const url = googleUrl(this.settings.origin, `https://gmail.googleapis.com${pathOf(id!, detail)}`);
    const response = await this.requests.send(caller, (options) => getJson(url, options));
    return { found: new Map([[id!, messageOf(id!, response)]]) };
  }

  private async batch(caller: GmailCaller, ids: string[], detail: MessageDetail): Promise<ReadMessages> {
    const paths = ids.map((id) => pathOf(id, detail));
    let parts: (BatchPart | undefined)[] = [];
    let cut = false;
    const response = await this.requests.send(caller, async (options) => {
      const batch = await sendBatch(this.settings.origin, paths, options);
      ({ parts, cut } = batch);
      // A token is refused part by part within a batch that succeeds.
      const rejected = parts.find((part) => part && refusesToken(part));
      return { ...batch, ...(rejected && { status: rejected.status, data: rejected.body }) };
    });
    // A whole batch that is not found says nothing of the messages, nor of the history that named them.
    if (response.status === 404) throw unreadable('batch', 'an answer for each part');
    if (response.status !== 200) throw explainGmailError(response);
    return readParts(ids, parts, cut);
  }
}

function pathOf(id: string, detail: MessageDetail): string {
  const query = new URLSearchParams(messageQuery(detail)).toString();
  return `/gmail/v1/users/me/messages/${encodeURIComponent(id)}?${query}`;
}
