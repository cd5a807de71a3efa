import { Injectable } from '@nestjs/common';
import { GmailApiError } from '../gmail.errors';
import type { GmailMessage } from '../gmail.types';
import { externalTexts } from '../message/message-parts';
import { PAYLOAD_LIMITS } from '../message/payload-limits';
import type { GmailCaller } from '../quota/costs';
import { MessageBytesClient } from './message-bytes.client';

/** Of how many texts of one mail the bytes are read by themselves: each costs the units of another message. */
const MAX_TEXTS = 4;

/** A character has at most four bytes: with more than these there is more text than is kept. */
const MAX_TEXT_BYTES = 4 * PAYLOAD_LIMITS.body;

/** How often a text of a new message is asked for that Gmail says it does not have, and how long (ms) a message is new. */
const MAX_TRIES = 5;
const NEW_MS = 5 * 60_000;

type ExternalText = ReturnType<typeof externalTexts>[number];

export interface MessagesWithTexts {
  whole: Map<string, GmailMessage | undefined>;
  /** To be given here again later. */
  incomplete: Map<string, GmailMessage | undefined>;
  /** Why. */
  refusal?: GmailApiError;
  /** Why nothing more was tried, when that is no refusal of Gmail's. */
  fault?: Error;
}

/** Reads the texts that Gmail did not send with a message since they are very large. */
@Injectable()
export class MessageTextClient {
  constructor(private readonly bytes: MessageBytesClient) {}

  /**
   * Puts the beginnings of such texts into the messages. A message whose text Gmail refuses for now is left for later, with
   * what there is of it. A text that Gmail does not give stays away, and at first it is asked for again: parts of Gmail learn
   * of a new message at different times.
   *
   * @param tries how often each has been tried already
   */
  async addTexts(
    caller: GmailCaller,
    found: ReadonlyMap<string, GmailMessage | undefined>,
    tries: number,
  ): Promise<MessagesWithTexts> {
    const result: MessagesWithTexts = { whole: new Map(), incomplete: new Map() };
    try {
      for (const [id, message] of found) {
        const missing = message ? externalTexts(message).slice(0, MAX_TEXTS) : [];
        // Whoever refuses one refuses the next ones too.
        const isRefused = missing.length > 0 && result.refusal?.retryable === true;
        const refusal = isRefused ? result.refusal : await this.addTo(caller, id, missing);
        const isLate = refusal !== undefined && tries < MAX_TRIES && isNew(message);
        if (refusal?.retryable || isLate) {
          result.incomplete.set(id, message);
          if (!result.refusal?.retryable) result.refusal = refusal;
        } else result.whole.set(id, message);
      }
    } catch (fault) {
      result.fault = fault as Error;
    }
    return result;
  }

  /** @returns why a text is still missing; the one that is worth asking for again comes first */
  private async addTo(
    caller: GmailCaller,
    id: string,
    texts: ExternalText[],
  ): Promise<GmailApiError | undefined> {
    let missing: GmailApiError | undefined;
    for (const { attachmentId, body } of texts)
      try {
        body.data = (await this.beginning(caller, id, attachmentId)).toString('base64url');
      } catch (error) {
        if (!(error instanceof GmailApiError)) throw error;
        if (error.retryable) return error;
        if (error.code === 'gmail_not_found') missing = error;
      }
    return missing;
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

/** In UTF-8 every byte of a character but the first is 10xxxxxx. */
function withoutHalfCharacter(bytes: Buffer): Buffer {
  let end = bytes.length - 1;
  while (end > bytes.length - 4 && (bytes[end]! & 0xc0) === 0x80) end--;
  return bytes.subarray(0, end);
}

function isNew(message: GmailMessage | undefined): boolean {
  return message !== undefined && Date.now() - Number(message.internalDate) < NEW_MS;
}
