import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { googleUrl } from '../../config/google-url';
import { GoogleSettings } from '../../config/settings';
import { parseJson, withoutRequest } from './gmail-response';
import { GmailRequestService } from './gmail-request.service';
import { GmailApiError } from '../gmail.errors';
import type { GmailCaller, GmailMethod } from '../quota/costs';
import { base64InJson } from '../message/base64-in-json';

/** How long Gmail may take until its response begins. How long the rest takes is up to whoever reads it. */
const MAX_WAIT_MS = 20_000;

/**
 * Reads from Gmail what can be as large as a mail: as a stream. The stream holds only a piece in memory, is read as fast as
 * it is consumed, and ends the call when it is destroyed. Throws what GmailRequestService throws; the stream fails with a
 * GmailApiError when the response breaks off.
 */
@Injectable()
export class MessageBytesClient {
  constructor(
    private readonly settings: GoogleSettings,
    private readonly requests: GmailRequestService,
  ) {}

  /** The mail as it was received (RFC 5322), by `users.messages.get`. */
  raw(caller: GmailCaller, messageId: string): Promise<Readable> {
    const path = `${encodeURIComponent(messageId)}?format=raw&fields=raw`;
    return this.open(caller, 'users.messages.get', path, 'raw');
  }

  /** The bytes of an attachment, by `users.messages.attachments.get`. */
  attachment(caller: GmailCaller, messageId: string, attachmentId: string): Promise<Readable> {
    const path = `${encodeURIComponent(messageId)}/attachments/${encodeURIComponent(attachmentId)}?fields=data`;
    return this.open(caller, 'users.messages.attachments.get', path, 'data');
  }

  private async open(
    caller: GmailCaller,
    method: GmailMethod,
    path: string,
    field: string,
  ): Promise<Readable> {
    const url = googleUrl(
      this.settings.origin,
      `https://gmail.googleapis.com/gmail/v1/users/me/messages/${path}`,
    );
    const body = await this.requests.call<AsyncIterable<Uint8Array>>(caller, method, ({ headers }) =>
      send(url, headers, caller.signal),
    );
    const bytes = withOurErrors(base64InJson(body, field), method);
    // The first piece is waited for: a response that is none becomes an error, and not a stream that fails.
    const first = await bytes.next();
    return Readable.from(after(first, bytes), { objectMode: false });
  }
}

/** @returns the body: unread when the call succeeds, else read, for it says why */
async function send(url: string, headers: Record<string, string>, signal: AbortSignal | undefined) {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), MAX_WAIT_MS);
  try {
    const response = await fetch(url, {
      headers,
      signal: signal ? AbortSignal.any([signal, late.signal]) : late.signal,
    });
    const text = response.ok ? '' : await response.text();
    const data: unknown = response.ok ? response.body : (parseJson(text) ?? text);
    return { status: response.status, headers: response.headers, data };
  } finally {
    clearTimeout(timer);
  }
}

async function* withOurErrors(bytes: AsyncGenerator<Buffer>, method: string): AsyncGenerator<Buffer> {
  try {
    yield* bytes;
  } catch (error) {
    throw new GmailApiError('gmail_unavailable', `Gmail's answer to ${method} broke off; ask again.`, {
      cause: withoutRequest(error),
    });
  }
}

async function* after(first: IteratorResult<Buffer>, rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  try {
    if (first.done) return;
    yield first.value;
    yield* rest;
  } finally {
    // Also when the reader stops at the first piece.
    await rest.return(undefined);
  }
}
