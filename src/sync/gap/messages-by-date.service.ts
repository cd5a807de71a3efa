import { Injectable } from '@nestjs/common';
import { GoogleSettings } from '../../config/settings';
import { GmailApiClient } from '../../gmail/client/gmail-api.client';
import { onlyMetadataScope } from '../../gmail/gmail.types';
import type { GmailCaller } from '../../gmail/quota/costs';
import type { Ask } from '../cursor/ask';

/** Clocks differ, and mail can be received a moment before it is listed: look so far (ms) behind the last sync. */
export const MARGIN = 5 * 60_000;

/** Finds messages by the time at which Gmail received them. */
@Injectable()
export class MessagesByDateService {
  constructor(
    private readonly gmail: GmailApiClient,
    private readonly google: GoogleSettings,
  ) {}

  /** The ids of what arrived since that time, and possibly a little before, oldest first. */
  async since(caller: GmailCaller, upToDateAt: Date, ask: Ask): Promise<string[]> {
    const since = upToDateAt.getTime() - MARGIN;
    const q = onlyMetadataScope(this.google) ? undefined : `after:${Math.floor(since / 1_000)}`;
    const found: string[] = [];
    let pageToken: string | undefined;
    do {
      const page = await ask(() => this.gmail.list(caller, { q, pageToken }));
      const ids = page.messages.map(({ id }) => id);
      found.push(...ids);
      // Where `q` is forbidden the list, newest first, is read down to the first page that ends before that time.
      const enough = q === undefined && (await this.endsBefore(caller, ids, since, ask));
      pageToken = enough ? undefined : page.nextPageToken;
    } while (pageToken !== undefined);
    return found.reverse();
  }

  private async endsBefore(caller: GmailCaller, ids: string[], since: number, ask: Ask): Promise<boolean> {
    const id = ids.at(-1);
    const last = id === undefined ? undefined : await ask(() => this.gmail.message(caller, id, 'minimal'));
    return last !== undefined && Number(last.internalDate) < since;
  }
}
