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

/** Reads the texts that Gmail did not send with a message since they are very large. */
@Injectable()
export class MessageTextClient {
  constructor(private readonly bytes: MessageBytesClient) {}

  /** Puts the beginnings of such texts into the message. One that Gmail does not give stays away. */
  async addTexts(caller: GmailCaller, message: GmailMessage): Promise<void> {
    for (const { attachmentId, body } of externalTexts(message).slice(0, MAX_TEXTS))
      try {
        body.data = (await this.beginning(caller, message.id, attachmentId)).toString('base64url');
      } catch (error) {
        if (!(error instanceof GmailApiError) || error.retryable) throw error;
      }
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
