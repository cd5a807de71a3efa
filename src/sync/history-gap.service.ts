import { Injectable, Logger } from '@nestjs/common';
import { EventLogService } from '../event/event-log.service';
import { GmailApiClient } from '../gmail/gmail-api.client';
import type { Mailbox } from '../mailbox/mailbox.types';
import { MessageEventService } from './message-event.service';
import { MissedMessagesService } from './missed-messages.service';
import { type SyncClaim, SyncClaimStore } from './sync-claim.store';
import type { SyncProgress, SyncResult } from './sync.types';

/** Messages that are read and committed together. */
const CHUNK = 100;

/**
 * Repairs a gap: Gmail no longer has the history from the cursor on. What arrived since the last sync is found by its
 * time and appended with `origin: "backfill"`; deletions and label changes are not recovered, so `complete` is false.
 */
@Injectable()
export class HistoryGapService {
  private readonly logger = new Logger(HistoryGapService.name);

  constructor(
    private readonly store: SyncClaimStore,
    private readonly gmail: GmailApiClient,
    private readonly missed: MissedMessagesService,
    private readonly messages: MessageEventService,
    private readonly log: EventLogService,
  ) {}

  /** Appends what is found, chunk by chunk, then the `mailbox.gap` together with the new cursor. Safe to be repeated. */
  async repair(
    mailbox: Mailbox,
    claim: SyncClaim,
    progress: SyncProgress,
    signal: AbortSignal,
  ): Promise<SyncResult> {
    // Asked for first: what happens while the messages are being listed is then in the history after it.
    const to = await this.gmail.currentHistoryId(mailbox.id, signal);
    const ids = await this.missed.since(mailbox.id, claim.upToDateAt, signal);
    let recovered = 0;
    for (let start = 0; start < ids.length; start += CHUNK) {
      const appended = await this.append(mailbox, claim, ids.slice(start, start + CHUNK), signal);
      if (appended === undefined) return { moved: false, dueIn: null };
      recovered += appended;
    }
    const from = claim.historyId;
    const data = {
      fromHistoryId: from.toString(),
      toHistoryId: to.toString(),
      recovered: { 'message.added': recovered },
      complete: false,
    };
    const result = await this.log.transaction(mailbox.id, async ({ manager, append }) => {
      const finished = await this.store.finish(claim, { from, to, found: false }, manager);
      if (finished.moved)
        progress.events += await append(mailbox, [{ type: 'mailbox.gap', origin: 'backfill', data }]);
      return finished;
    });
    progress.events += recovered;
    if (result.moved) progress.cursor = to;
    this.logger.warn({ mailboxId: mailbox.id, ...data }, 'history had expired');
    return result;
  }

  /** @returns how many were appended; undefined when the cursor is no longer where the run took it to be */
  private async append(
    mailbox: Mailbox,
    claim: SyncClaim,
    ids: string[],
    signal: AbortSignal,
  ): Promise<number | undefined> {
    const unknown = await this.log.withoutAdded(mailbox.id, ids);
    const events = await this.messages.toBackfill(mailbox.id, unknown, signal);
    return this.log.transaction(mailbox.id, async ({ manager, append }) => {
      const { historyId } = claim;
      const stands = await this.store.advance(manager, mailbox.id, historyId, historyId);
      return stands ? append(mailbox, events) : undefined;
    });
  }
}
