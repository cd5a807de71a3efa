import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { backoff } from '../../background/backoff';
import { googleUrl } from '../../config/google-url';
import { GoogleSettings } from '../../config/settings';
import { GmailApiError } from '../gmail.errors';
import type { GmailMessage, MessageDetail } from '../gmail.types';
import { messageQuery } from '../message/message-fields';
import type { GmailCaller } from '../quota/costs';
import { MAX_WAIT_IN_PLACE_MS, withPatience } from '../quota/patience';
import { QuotaService } from '../quota/quota.service';
import { type BatchPart, GZIP, sendBatch } from './batch';
import { BatchSize } from './batch-size';
import { explainGmailError, refusesToken } from './explain-gmail-error';
import { GmailRequestService, type RequestOptions, type Send } from './gmail-request.service';
import { parseJson, success } from './gmail-response';
import { readParts, type ReadMessages } from './message-batch';
import { MessageTextClient } from './message-text.client';

/** Messages whose units are reserved at once: as many as a caller commits together. */
const MAX_RESERVED = 100;

/** How often in a row nothing may be read before the refusal is thrown, and the waits in between unless Google names a time. */
const MAX_FAILURES = 3;
const MIN_RETRY_MS = 500;
const MIN_PROJECT_RETRY_MS = 5_000;
const MAX_RETRY_MS = 30_000;

const GET = 'users.messages.get';

/** Reads messages, many in one request. Throws what GmailRequestService throws. */
@Injectable()
export class MessageClient {
  constructor(
    private readonly settings: GoogleSettings,
    private readonly requests: GmailRequestService,
    private readonly quota: QuotaService,
    private readonly texts: MessageTextClient,
  ) {}

  /** A message by its id; undefined when it is gone. */
  async message(caller: GmailCaller, id: string, detail: MessageDetail): Promise<GmailMessage | undefined> {
    for await (const [, message] of this.messages(caller, [id], detail, false)) return message;
  }

  /**
   * Messages by id, with as few requests as possible; undefined for one that is gone. Only those of one response are in memory
   * at a time, and these are few when they are very large: take what you need of each, and let go of it.
   *
   * What Google refuses within a batch is asked for again, in smaller batches; what was read is not.
   *
   * @param inPlace whether texts that Google refuses are waited for, instead of thrown as the refusal
   */
  async *messages(
    caller: GmailCaller,
    ids: string[],
    detail: MessageDetail,
    inPlace = true,
  ): AsyncGenerator<[id: string, message: GmailMessage | undefined]> {
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
      if (detail === 'bodies') yield* this.withTexts(caller, found, inPlace);
      else yield* found;
      left = left.filter((id) => !found.has(id));
      size.record(some.length, found.size);
      if (refusal && size.failures > MAX_FAILURES) throw refusal;
      if (refusal) await waitAfter(refusal, size.failures, caller.signal);
    }
  }

  /**
   * Those that are whole come first; the texts that Gmail has refused are asked for again, and nothing else is.
   *
   * @param waits whether it waits for that, or throws the refusal
   */
  private async *withTexts(
    caller: GmailCaller,
    found: ReadMessages['found'],
    waits: boolean,
  ): AsyncGenerator<[id: string, message: GmailMessage | undefined]> {
    let left = found;
    for (let tries = 1, failures = 0; left.size > 0; tries++) {
      const { whole, incomplete, refusal, fault } = await this.texts.addTexts(
        caller,
        left,
        waits ? tries : Infinity,
      );
      yield* whole;
      if (fault !== undefined) throw fault;
      left = incomplete;
      failures = whole.size > 0 ? 0 : failures + 1;
      if (!refusal) continue;
      if (refusal.retryable && (!waits || failures > MAX_FAILURES)) throw refusal;
      await waitAfter(refusal, refusal.retryable ? failures : tries, caller.signal);
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
    const message = response.status === 404 ? undefined : success<GmailMessage>(response);
    return { found: new Map([[id!, message]]) };
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
    if (response.status !== 200) throw explainGmailError(response);
    return readParts(ids, parts, cut);
  }
}

/** @throws the refusal when Google wants to be left alone for longer than work waits where it is */
async function waitAfter(refusal: GmailApiError, failures: number, signal?: AbortSignal): Promise<void> {
  const { retryAt, ofProject } = refusal.details;
  const min = ofProject ? MIN_PROJECT_RETRY_MS : MIN_RETRY_MS;
  const waitMs = retryAt ? retryAt.getTime() - Date.now() : backoff(failures + 1, min, MAX_RETRY_MS);
  if (waitMs > MAX_WAIT_IN_PLACE_MS) throw refusal;
  await delay(Math.max(0, waitMs), undefined, { signal });
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
