import { InboxwireError } from '../common/inboxwire.error';

/** The cursor points before the log's beginning, or to nothing that ever was. */
export class CursorExpiredError extends InboxwireError {
  /** @param oldest the id of the oldest event left; null when the log is empty */
  constructor(after: string, oldest: string | null) {
    const remedy = oldest
      ? `The oldest event left is ${oldest}: GET /v1/events without \`after\` begins with it.`
      : 'The log is empty: read it without `after`.';
    super(
      'cursor_expired',
      `The log does not hold ${after}; it is older than the retention, or never was. ${remedy}`,
      { members: oldest ? { oldestEventId: oldest } : {} },
    );
  }
}

/** More calls wait for an event than one key, or one process, may have. */
export class TooManyWaitersError extends InboxwireError {
  /** @param where what the limit is for */
  constructor(max: number, where: 'with this key' | 'at this replica') {
    super(
      'unavailable',
      `${max} calls wait for an event ${where} already. Try again when one of them has ended, or read the log page by page.`,
      { retryable: true },
    );
  }
}

/** The replica ends its streams, and begins no new one. */
export class StoppingError extends InboxwireError {
  constructor() {
    super('unavailable', 'This replica is stopping. Connect again.', { retryable: true });
  }
}
