import { Injectable, Logger } from '@nestjs/common';
import { isConnectionError } from '../../common/connection-error';
import { describeError } from '../../common/describe-error';
import { InboxwireError } from '../../common/inboxwire.error';
import { GmailApiClient } from '../../gmail/client/gmail-api.client';
import { GmailApiError } from '../../gmail/gmail.errors';
import type { GmailCaller } from '../../gmail/quota/costs';
import { MessageEventService } from './message-event.service';
import { MAX_ATTEMPTS_ALONE } from '../cursor/poison';
import { MessageUnreadableError } from '../cursor/sync.errors';
import type { ReadingRun } from '../cursor/sync.types';

/** How often Gmail must fail at the message, and answer for another one in between, until the message counts as the cause. */
const PROOF_ROUNDS = 3;

/** So many others are asked for until one is given: several messages may be ones at which Gmail fails. */
const MAX_OTHERS = 5;

/** Finds out whether Gmail is away or refuses everything, or fails at one message only. */
@Injectable()
export class PoisonMessageDetector {
  private readonly logger = new Logger(PoisonMessageDetector.name);

  constructor(
    private readonly gmail: GmailApiClient,
    private readonly messages: MessageEventService,
  ) {}

  /**
   * Explains an error of reading messages, once they are taken one by one.
   *
   * @returns MessageUnreadableError when it is these messages at which Gmail fails; else the error itself
   */
  async explain<E>(
    { caller, mode }: ReadingRun,
    ids: string[],
    error: E,
  ): Promise<E | MessageUnreadableError> {
    if (mode === 'together' || !isNotGiven(error) || !(await this.isOf(caller, ids))) return error;
    return new MessageUnreadableError(ids, error);
  }

  /**
   * Reads messages that were found without the help of history, unless they are to be skipped.
   *
   * @returns undefined when they are
   * @throws MessageUnreadableError or the error itself, when they are not, or not yet
   */
  async read<T>(run: ReadingRun, ids: string[], work: () => Promise<T>): Promise<T | undefined> {
    if (await this.hasCrashedProcess(run, ids)) return undefined;
    try {
      return await work();
    } catch (error) {
      await this.classify(run, ids, error);
      return undefined;
    }
  }

  /**
   * Whether a message has killed the process as often as it is tried by itself. To be asked once before it is touched.
   * The attempts of the run do not show it: it reads long lists first.
   */
  private async hasCrashedProcess({ caller, mode, suspect }: ReadingRun, ids: string[]): Promise<boolean> {
    if (mode === 'together') return false;
    const times = (await suspect(ids[0]!)) - 1;
    if (times < MAX_ATTEMPTS_ALONE) return false;
    this.logger.error(
      { mailboxId: caller.mailboxId, messageIds: ids, times },
      'the process has died at a message again and again: it is skipped, and its event says so',
    );
    return true;
  }

  private async classify(run: ReadingRun, ids: string[], error: unknown): Promise<void> {
    const { caller, mode } = run;
    const explained = await this.explain(run, ids, error);
    const isTheirs = explained instanceof MessageUnreadableError || isDefect(explained, caller);
    if (mode !== 'skipping' || !isTheirs) throw explained;
    this.logger.error(
      { mailboxId: caller.mailboxId, messageIds: ids, error: describeError(explained) },
      'a message cannot be read and is skipped; its event says so',
    );
  }

  /**
   * @param ids messages of one record that Gmail did not give
   * @returns whether it gives other messages of the mailbox nevertheless; false when there are none to compare with
   */
  private async isOf(caller: GmailCaller, ids: string[]): Promise<boolean> {
    const other = await this.findGiven(caller, ids);
    if (other === undefined) return false;
    for (let round = 0; round < PROOF_ROUNDS; round++) {
      if (round > 0 && !(await this.isGiven(caller, [other]))) return false;
      if (await this.isGiven(caller, ids)) return false;
    }
    return true;
  }

  /** @returns another message that Gmail gives: of the newest ones, which may have the same fault, and of older ones */
  private async findGiven(caller: GmailCaller, ids: string[]): Promise<string | undefined> {
    if (ids.length === 0) return undefined;
    const { messages } = await this.gmail.list(caller, {});
    const others = messages.map(({ id }) => id).filter((id) => !ids.includes(id));
    for (const id of spread(others, MAX_OTHERS)) if (await this.isGiven(caller, [id])) return id;
    return undefined;
  }

  private async isGiven(caller: GmailCaller, ids: string[]): Promise<boolean> {
    try {
      await this.messages.read(caller, ids);
      return true;
    } catch (error) {
      if (isNotGiven(error)) return false;
      throw error;
    }
  }
}

/** As many of the items as that, from the first to the last at equal distances. */
function spread<T>(items: T[], count: number): T[] {
  if (items.length <= count) return items;
  return Array.from({ length: count }, (_, n) => items[Math.floor((n * (items.length - 1)) / (count - 1))]!);
}

/** Gmail fails at messages or refuses them, which may be about one of them, or about all that the mailbox has. */
function isNotGiven(error: unknown): boolean {
  return error instanceof GmailApiError && ['gmail_unavailable', 'gmail_refused'].includes(error.code);
}

/** An error of our own while the message was made sense of: nobody was away, and the run was not ended. */
function isDefect(error: unknown, { signal }: GmailCaller): boolean {
  return !(error instanceof InboxwireError) && !isConnectionError(error) && !signal?.aborted;
}
