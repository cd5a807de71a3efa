import { Injectable } from '@nestjs/common';
import { GoogleSettings } from '../../config/settings';
import { GmailApiClient } from '../../gmail/client/gmail-api.client';
import { onlyMetadataScope } from '../../gmail/gmail.types';
import type { GmailCaller } from '../../gmail/quota/costs';
import { messagePages } from '../../gmail/client/pages';

/** Clocks differ, and mail can be received a moment before it is listed: what is read begins so much before the last sync. */
export const MARGIN_MS = 5 * 60_000;

/** Finds messages by the time at which Gmail received them. */
@Injectable()
export class MessagesByDateService {
  constructor(
    private readonly gmail: GmailApiClient,
    private readonly google: GoogleSettings,
  ) {}

  /** The ids of what arrived since that time, and possibly a little before, oldest first. */
  async since(caller: GmailCaller, upToDateAt: Date): Promise<string[]> {
    const since = upToDateAt.getTime() - MARGIN_MS;
    const q = onlyMetadataScope(this.google) ? undefined : `after:${Math.floor(since / 1_000)}`;
    const found: string[] = [];
    for await (const { messages } of messagePages(this.gmail, caller, { q })) {
      found.push(...messages.map(({ id }) => id));
      // Where `q` is forbidden the list, newest first, is read down to the first page that ends before that time.
      if (q === undefined && (await this.isFromBefore(caller, messages.at(-1)?.id, since))) break;
    }
    return found.reverse();
  }

  private async isFromBefore(caller: GmailCaller, id: string | undefined, since: number): Promise<boolean> {
    const message = id === undefined ? undefined : await this.gmail.message(caller, id, 'minimal');
    return message !== undefined && Number(message.internalDate) < since;
  }
}
