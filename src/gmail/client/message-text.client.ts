import { Injectable } from '@nestjs/common';
import { BudgetSpentError, GmailApiError } from '../gmail.errors';
import type { GmailMessage } from '../gmail.types';
import { MessageCache } from '../message/message-cache';
import { type ExternalText, externalTexts } from '../message/message-parts';
import { PAYLOAD_LIMITS } from '../message/payload-limits';
import type { GmailCaller } from '../quota/costs';
import { MessageBytesClient } from './message-bytes.client';
import { MAX_FAILURES, RefusalWait } from './refusal-wait';

/** Of how many texts of one mail the bytes are read by themselves: each costs the units of another message. */
const MAX_TEXTS = 4;

/** A character has at most four bytes: with more than these there is more text than is kept. */
const MAX_TEXT_BYTES = 4 * PAYLOAD_LIMITS.body;

/** Messages by id; undefined for one that is gone. */
export type MessageStream = AsyncGenerator<[id: string, message: GmailMessage | undefined]>;

/** A message, and those of its texts that are still to be read. */
interface Incomplete {
  message: GmailMessage;
  left: ExternalText[];
}

/** After so many refusals in a round the others are not tried: it is not single texts that Gmail fails at. */
const MAX_REFUSALS = 3;

/** Reads the texts that Gmail did not send with a message since they are very large. */
@Injectable()
export class MessageTextClient {
  /** Messages whose texts were refused, or not there yet: the next reader asks for these texts only. */
  private readonly kept = new MessageCache<Incomplete>();

  constructor(
    private readonly bytes: MessageBytesClient,
    private readonly refusals: RefusalWait,
  ) {}

  /**
   * Messages with the beginnings of such texts. Those whose texts are refused come last, and hold up no other one. A text that
   * Gmail does not give stays away; `awaitsText` says that it may come yet.
   *
   * @param read reads messages without them
   * @throws the refusal, when texts are refused again and again
   */
  async *withTexts(
    caller: GmailCaller,
    ids: string[],
    read: (ids: string[]) => MessageStream,
  ): MessageStream {
    const waiting = this.take(caller, ids);
    let refusal: GmailApiError | undefined;
    try {
      for await (const [id, message] of read(ids.filter((id) => !waiting.has(id)))) {
        const left = message ? externalTexts(message).slice(0, MAX_TEXTS) : [];
        if (message && left.length > 0) {
          waiting.set(id, { message, left });
          refusal ??= await this.complete(caller, waiting.get(id)!);
          if (refusal) continue;
          waiting.delete(id);
        }
        yield [id, message];
      }
      for (let failures = 0; waiting.size > 0;) {
        if (refusal) await this.waitFor(caller, refusal, failures);
        const before = waiting.size;
        refusal = yield* this.round(caller, waiting);
        failures = waiting.size < before ? 0 : failures + 1;
      }
    } finally {
      this.keep(caller, waiting, refusal);
    }
  }

  /** Tries each once. */
  private async *round(
    caller: GmailCaller,
    waiting: Map<string, Incomplete>,
  ): AsyncGenerator<[string, GmailMessage], GmailApiError | undefined> {
    const refusals: GmailApiError[] = [];
    for (const [id, incomplete] of waiting) {
      const refusal = await this.complete(caller, incomplete);
      if (refusal) refusals.push(refusal);
      if (refusal?.code === 'rate_limited' || refusals.length === MAX_REFUSALS) return refusal;
      if (refusal) continue;
      waiting.delete(id);
      yield [id, incomplete.message];
    }
    return refusals[0];
  }

  /** @returns why texts of it were refused that are worth asking for again; those that were read stay in the message */
  private async complete(caller: GmailCaller, incomplete: Incomplete): Promise<GmailApiError | undefined> {
    const { message } = incomplete;
    const missing: ExternalText[] = [];
    for (let text = incomplete.left[0]; text; text = incomplete.left[0]) {
      try {
        text.body.data = (await this.beginning(caller, message.id, text.attachmentId)).toString('base64url');
      } catch (error) {
        if (!(error instanceof GmailApiError)) throw error;
        if (error.retryable) {
          incomplete.left.push(...missing);
          return error;
        }
        if (error.code === 'gmail_not_found') missing.push(text);
      }
      incomplete.left.shift();
    }
    incomplete.left = missing;
    message.awaitsText = missing.length > 0 && !isApplication(caller);
    // Whoever waits for them comes back.
    if (message.awaitsText) this.keep(caller, new Map([[message.id, { ...incomplete }]]));
    return undefined;
  }

  /** @throws the refusal, when it is not worth waiting for where it is: nothing that was read is lost */
  private async waitFor(caller: GmailCaller, refusal: GmailApiError, failures: number): Promise<void> {
    if (isApplication(caller) || refusal instanceof BudgetSpentError || failures > MAX_FAILURES)
      throw refusal;
    await this.refusals.after(refusal, failures, caller.signal);
  }

  private take(caller: GmailCaller, ids: string[]): Map<string, Incomplete> {
    return isApplication(caller) ? new Map<string, Incomplete>() : this.kept.take(caller.mailboxId, ids);
  }

  private keep(caller: GmailCaller, messages: Map<string, Incomplete>, refusal?: GmailApiError): void {
    if (isApplication(caller) || messages.size === 0) return;
    const retryAt = refusal?.details.retryAt;
    this.kept.keep(caller.mailboxId, messages, retryAt && retryAt.getTime() - Date.now());
  }

  private async beginning(caller: GmailCaller, id: string, attachmentId: string): Promise<Buffer> {
    const pieces: Buffer[] = [];
    let size = 0;
    // Leaving the loop ends the call.
    for await (const piece of await this.bytes.attachment(caller, id, attachmentId)) {
      pieces.push(piece as Buffer);
      size += (piece as Buffer).length;
      if (size > MAX_TEXT_BYTES)
        return withoutHalfCharacter(Buffer.concat(pieces).subarray(0, MAX_TEXT_BYTES));
    }
    return Buffer.concat(pieces);
  }
}

/** It gets what there is now, and all of it fresh. */
function isApplication({ priority }: GmailCaller): boolean {
  return priority === 'read';
}

/** In UTF-8 every byte of a character but the first is 10xxxxxx. */
function withoutHalfCharacter(bytes: Buffer): Buffer {
  let end = bytes.length - 1;
  while (end > bytes.length - 4 && (bytes[end]! & 0xc0) === 0x80) end--;
  return bytes.subarray(0, end);
}
