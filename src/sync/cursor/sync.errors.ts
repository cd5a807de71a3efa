import { InboxwireError } from '../../common/inboxwire.error';

/** A run ends without a fault of anybody's: its mailbox is taken up again after so many milliseconds. */
export class PostponedError extends Error {
  /** Whether nothing shortens the wait. Else a notification makes the mailbox due at once. */
  readonly firm: boolean;

  constructor(
    readonly wait: number,
    why: string,
    { firm = true }: { firm?: boolean } = {},
  ) {
    super(why);
    this.firm = firm;
  }
}

/** Gmail no longer has the history from the cursor on: that is repaired in a queue of its own. */
export class GapFoundError extends Error {}

/** The cursor or the snapshot is no longer where the run took it to be: somebody else decides, and nothing may be written. */
export class SupersededError extends Error {}

/** Gmail fails at a message again and again while it gives others: what processing it would mean cannot be found out. */
export class MessageUnreadableError extends InboxwireError {
  constructor(messageIds: string[], cause: unknown) {
    super(
      'message_unreadable',
      `Gmail fails at ${messageIds.join(', ')} and gives other messages; after some more attempts an event says so.`,
      { retryable: true, cause },
    );
  }
}

/** The push was not committed in time, and has to come again. */
export class HintTooSlowError extends InboxwireError {
  constructor() {
    super('unavailable', 'The database is too slow for now. Try again in a moment.', { retryable: true });
  }
}
