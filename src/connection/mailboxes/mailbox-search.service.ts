import { Injectable } from '@nestjs/common';
import { decodeCursor, type Page, toPage } from '../../http/page';
import { MailboxSearchStore } from '../../mailbox/mailbox-search.store';
import type { MailboxStatus } from '../../mailbox/mailbox.types';
import { type MailboxView, MailboxViewService } from './mailbox-view.service';

/** Finds mailboxes by a part of their address or external id: for people. Applications know both, or the id. */
@Injectable()
export class MailboxSearchService {
  constructor(
    private readonly mailboxes: MailboxSearchStore,
    private readonly views: MailboxViewService,
  ) {}

  /** @throws InvalidValueError when the cursor is none */
  async search(
    text: string | undefined,
    status: MailboxStatus | undefined,
    page: { cursor: string | undefined; limit: number },
  ): Promise<Page<MailboxView>> {
    const { cursor, limit } = page;
    const after = cursor === undefined ? undefined : decodeCursor(cursor);
    const rows = await this.mailboxes.find({ text, status, after, limit: limit + 1 });
    const { data, nextCursor } = toPage(rows, limit, (mailbox) => mailbox);
    return { data: await this.views.ofAll(data), nextCursor };
  }
}
