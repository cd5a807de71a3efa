import { Injectable, Logger } from '@nestjs/common';
import { isConnectionError } from '../../common/connection-error';
import { describeError } from '../../common/describe-error';
import { InboxwireError } from '../../common/inboxwire.error';
import { GmailApiClient } from '../../gmail/client/gmail-api.client';
import { GmailApiError } from '../../gmail/gmail.errors';
import type { GmailCaller } from '../../gmail/quota/costs';
import { MessageEventService } from './message-event.service';
import { ATTEMPTS_ALONE, MessageUnreadableError, type ReadingMode } from '../cursor/poison';
import { SyncClaimStore } from '../cursor/sync-claim.store';

/** How often Gmail must fail at the message, and answer for another one in between, until the message is to blame. */
const ROUNDS = 3;

/** Finds out whether Gmail is away, or fails at one message only. */
@Injectable()
export class PoisonMessageDetector {
  private readonly logger = new Logger(PoisonMessageDetector.name);

  constructor(
    private readonly gmail: GmailApiClient,
    private readonly messages: MessageEventService,
    private readonly store: SyncClaimStore,
  ) {}

  /**
   * Explains an error of reading messages, once they are taken one by one.
   *
   * @returns MessageUnreadableError when it is these messages at which Gmail fails; else the error itself
   */
  async explain(caller: GmailCaller, ids: string[], mode: ReadingMode, error: unknown): Promise<unknown> {
    const isAway = error instanceof GmailApiError && error.code === 'gmail_unavailable';
    if (mode === 'together' || !isAway || !(await this.isOf(caller, ids))) return error;
    return new MessageUnreadableError(ids, error);
  }

  /**
   * Whether a message has killed the process as often as it is tried by itself, while a gap is being repaired. To be
   * asked once before it is touched. The attempts at the cursor do not tell: a repair reads long lists first.
   */
  async hasCrashedProcess(caller: GmailCaller, ids: string[], mode: ReadingMode): Promise<boolean> {
    if (mode === 'together') return false;
    const times = (await this.store.suspect(caller.mailboxId, ids[0]!)) - 1;
    if (times < ATTEMPTS_ALONE) return false;
    this.logger.error(
      { mailboxId: caller.mailboxId, messageIds: ids, times },
      'the process has died at a message again and again: it is passed over, and its event says so',
    );
    return true;
  }

  /**
   * Judges an error of reading messages while a gap is being repaired. Returns when they are to be passed over.
   *
   * @throws MessageUnreadableError or the error itself, when they are not, or not yet
   */
  async judge(caller: GmailCaller, ids: string[], mode: ReadingMode, error: unknown): Promise<void> {
    const explained = await this.explain(caller, ids, mode, error);
    const isTheirs =
      explained instanceof MessageUnreadableError || isRefusal(explained) || isDefect(explained, caller);
    if (mode !== 'passing_over' || !isTheirs) throw explained;
    this.logger.error(
      { mailboxId: caller.mailboxId, messageIds: ids, error: describeError(explained) },
      'a message cannot be read and is passed over; its event says so',
    );
  }

  /**
   * @param ids messages of one record that Gmail did not give
   * @returns whether it gives other messages of the mailbox all the same; false when there are none to compare with
   */
  private async isOf(caller: GmailCaller, ids: string[]): Promise<boolean> {
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

function isRefusal(error: unknown): boolean {
  return error instanceof GmailApiError && error.code === 'gmail_refused';
}

/** An error of our own while the message was made sense of: nobody was away, and nobody told us to stop. */
function isDefect(error: unknown, { signal }: GmailCaller): boolean {
  return !(error instanceof InboxwireError) && !isConnectionError(error) && !signal?.aborted;
}
