import { Injectable } from '@nestjs/common';
import { GmailApiClient } from '../gmail/gmail-api.client';
import { GmailApiError } from '../gmail/gmail.errors';
import type { GmailCaller } from '../gmail/gmail.types';
import { MessageEventService } from './message-event.service';

/** How often Gmail must fail at the message, and answer for another one in between, until the message is to blame. */
const ROUNDS = 3;

/** Finds out whether Gmail is away, or fails at one message only. */
@Injectable()
export class MessageFaultService {
  constructor(
    private readonly gmail: GmailApiClient,
    private readonly messages: MessageEventService,
  ) {}

  /**
   * @param ids messages of one record that Gmail did not give
   * @returns whether it gives other messages of the mailbox all the same; false when there are none to compare with
   */
  async isOf(caller: GmailCaller, ids: string[]): Promise<boolean> {
    if (ids.length === 0) return false;
    const { messages } = await this.gmail.list(caller, {});
    const other = messages.find(({ id }) => !ids.includes(id));
    if (!other) return false;
    for (let round = 0; round < ROUNDS; round++) {
      if (!(await this.isGiven(caller, [other.id]))) return false;
      if (await this.isGiven(caller, ids)) return false;
    }
    return true;
  }

  private async isGiven(caller: GmailCaller, ids: string[]): Promise<boolean> {
    try {
      await this.messages.read(caller, ids);
      return true;
    } catch (error) {
      if (error instanceof GmailApiError && error.code === 'gmail_unavailable') return false;
      throw error;
    }
  }
}
