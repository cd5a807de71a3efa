import { Injectable, Logger } from '@nestjs/common';
import { describeError } from '../common/describe-error';
import { MessageSettings } from '../config/settings';
import { GmailApiClient } from '../gmail/client/gmail-api.client';
import { GmailApiError } from '../gmail/gmail.errors';
import type { LabelRequest } from '../gmail/gmail.types';
import type { GmailCaller } from '../gmail/quota/costs';
import { OwnChangeStore } from './history/own-change.store';

/** Added to the time that the change itself may take. A killed process must not hold up its mailbox for 20 s. */
const MARGIN_MS = 5_000;

/** Remembers the changes of labels that are made through the API, so that history does not report them (decision 0035). */
@Injectable()
export class OwnChangeService {
  private readonly logger = new Logger(OwnChangeService.name);

  constructor(
    private readonly settings: MessageSettings,
    private readonly gmail: GmailApiClient,
    private readonly store: OwnChangeStore,
  ) {}

  /**
   * Makes a change that is not to be reported, if such is set.
   *
   * @param work asks Gmail for it, within `maxMs`
   * @throws what `work` and the Gmail client throw
   */
  async make<T>(
    caller: GmailCaller,
    request: LabelRequest & { messageId: string },
    maxMs: number,
    work: () => Promise<T>,
  ): Promise<T> {
    if (!this.settings.suppressOwnChanges) return work();
    const { mailboxId } = caller;
    // What is in the history by now was somebody else's.
    const after = await this.gmail.currentHistoryId(caller);
    const id = await this.store.ask({ ...request, mailboxId, after }, maxMs + MARGIN_MS);
    if (id === undefined) return work();
    let result: T;
    try {
      result = await work();
    } catch (error) {
      await this.settle(caller, id, after, error);
      throw error;
    }
    await this.store.done(id);
    return result;
  }

  /** Gmail has refused it; or its answer was lost, and only the history can show whether it was made. */
  private async settle(caller: GmailCaller, id: string, after: bigint, error: unknown): Promise<void> {
    try {
      if (!isLost(error)) return await this.store.remove([id]);
      const until = await this.gmail.currentHistoryId(caller).catch(() => null);
      if (until === after) await this.store.remove([id]);
      else await this.store.unknown(id, until);
    } catch (failure) {
      // The row runs out by itself, and is then one of which nothing is known.
      const facts = { mailboxId: caller.mailboxId, error: describeError(failure) };
      this.logger.warn(facts, 'what became of a change of labels could not be written down');
    }
  }
}

/** An answer that says no is one, also when it is worth asking again. */
function isLost(error: unknown): boolean {
  if (!(error instanceof GmailApiError) || error.code !== 'gmail_unavailable') return false;
  const { status = 500 } = error.details;
  return status >= 500 || status === 408;
}
