import { Injectable } from '@nestjs/common';
import { googleUrl } from '../../config/google-url';
import { GoogleSettings } from '../../config/settings';
import type { GmailMessage, MessageDetail } from '../gmail.types';
import { messageQuery } from '../message/message-fields';
import type { GmailCaller } from '../quota/costs';
import { withPatience } from '../quota/patience';
import { QuotaService } from '../quota/quota.service';
import { type BatchPart, GZIP, sendBatch } from './batch';
import { explainGmailError } from './explain-gmail-error';
import { GmailRequestService, type RequestOptions, type Send } from './gmail-request.service';
import { parseJson, success, unreadable } from './gmail-response';

/** The most calls in a batch that Google recommends. */
const MAX_BATCH = 50;

/** Messages whose units are reserved at once: as many as a caller commits together. */
const MAX_RESERVED = 100;

const GET = 'users.messages.get';

type Found = Map<string, GmailMessage | undefined>;

/** Reads messages, many in one request. Throws what GmailRequestService throws. */
@Injectable()
export class MessageClient {
  constructor(
    private readonly settings: GoogleSettings,
    private readonly requests: GmailRequestService,
    private readonly quota: QuotaService,
  ) {}

  /** A message by its id; undefined when it is gone. */
  async message(caller: GmailCaller, id: string, detail: MessageDetail): Promise<GmailMessage | undefined> {
    for await (const [, message] of this.messages(caller, [id], detail)) return message;
  }

  /**
   * Messages by id, with as few requests as possible and at most 50 in each; undefined for one that is gone. Only those of one
   * response are in memory at a time, and these are few when they are very large: take what you need of each, and let go of it.
   */
  async *messages(
    caller: GmailCaller,
    ids: string[],
    detail: MessageDetail,
  ): AsyncGenerator<[id: string, message: GmailMessage | undefined]> {
    let left = ids;
    let size = MAX_BATCH;
    let reserved = 0;
    while (left.length > 0) {
      const some = left.slice(0, size);
      if (reserved < some.length) {
        const missing = Math.min(MAX_RESERVED, left.length) - reserved;
        // A refusal half-way would waste what was read; a wait only costs time.
        const long = left.length < ids.length;
        await withPatience(caller.patience, () => this.quota.reserve(caller, GET, missing, { long }));
        reserved += missing;
      }
      reserved -= some.length;
      const read = some.length === 1 ? this.one.bind(this) : this.batch.bind(this);
      const found = await this.requests.observe(caller, GET, () => read(caller, some, detail));
      yield* found;
      left = left.filter((id) => !found.has(id));
      // After a response that was too large, only as many are asked for as came whole, and then one more each time.
      size = found.size < some.length ? Math.max(1, found.size) : Math.min(MAX_BATCH, size + 1);
    }
  }

  private async one(caller: GmailCaller, [id]: string[], detail: MessageDetail): Promise<Found> {
    const url = googleUrl(this.settings.origin, `https://gmail.googleapis.com${pathOf(id!, detail)}`);
    const response = await this.requests.send(caller, (options) => getJson(url, options));
    return new Map([[id!, response.status === 404 ? undefined : success<GmailMessage>(response)]]);
  }

  /** @returns those of the messages whose responses were read: all, unless they are too large for one batch */
  private async batch(caller: GmailCaller, ids: string[], detail: MessageDetail): Promise<Found> {
    const paths = ids.map((id) => pathOf(id, detail));
    let parts: (BatchPart | undefined)[] = [];
    let cut = false;
    const response = await this.requests.send(caller, async (options) => {
      const batch = await sendBatch(this.settings.origin, paths, options);
      ({ parts, cut } = batch);
      // A token that died is refused part by part within a batch that succeeds.
      const rejected = parts.find((part) => part?.status === 401);
      return { ...batch, ...(rejected && { status: 401, data: rejected.body }) };
    });
    if (response.status !== 200) throw explainGmailError(response);
    const found: Found = new Map();
    for (const [index, part] of parts.entries())
      if (part) found.set(ids[index]!, part.status === 404 ? undefined : success<GmailMessage>(part));
      else if (!cut) throw unreadable('batch', 'an answer for each part');
    return found;
  }
}

function pathOf(id: string, detail: MessageDetail): string {
  const query = new URLSearchParams(messageQuery(detail)).toString();
  return `/gmail/v1/users/me/messages/${encodeURIComponent(id)}?${query}`;
}

async function getJson(url: string, { headers, signal }: RequestOptions): ReturnType<Send> {
  const response = await fetch(url, { headers: { ...headers, ...GZIP }, signal });
  const text = await response.text();
  return { status: response.status, headers: response.headers, data: parseJson(text) ?? text };
}
