import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Batcher } from '../background/batcher';
import { withTimeout } from '../common/with-timeout';
import { InboxwireError } from '../common/inboxwire.error';
import { DATABASE_NOW, markOf } from '../event/notification-trace';
import { sql } from '../database/sql';
import { SyncJob } from './sync.job';

/** A notification, read: something changed in this mailbox, up to this id. */
export interface Hint {
  /** In lower case. */
  emailAddress: string;
  historyId: bigint;
}

/** The push that brought a hint. */
export interface HintOrigin {
  messageId?: string;
  /** On the scale of `performance.now()`. */
  receivedAt: number;
  /** Its `traceparent`, when it is traced. */
  trace?: string;
}

type BroughtHint = Hint & HintOrigin;

/** `news`: the mailbox is due. `known`: nothing that was not known. `unknown_mailbox`: none of ours, or disconnected. */
export type HintOutcome = 'news' | 'known' | 'unknown_mailbox';

/** One commit at a time: what gathers meanwhile goes with the next one, and fewer, larger commits carry the most. */
const LANES = 1;
const MOST_AT_ONCE = 2_000;

/** So many notifications are remembered until a sync answers them: more come only when it cannot. */
const REMEMBERED = 4;

/**
 * How long a commit may take, in milliseconds. A push waits for two of them at most, its own and the one before, and
 * Pub/Sub for 10 s: it has to hear 503 by then. A commit that comes later all the same does no harm.
 */
const COMMIT_DEADLINE = 3_000;

/** The push was not committed in time, and has to come again. */
export class HintTooSlowError extends InboxwireError {
  constructor() {
    super('unavailable', 'The database is too slow for now. Try again in a moment.', { retryable: true });
  }
}

/** Records hints. They move nothing by themselves: they make a mailbox due for a sync from its own cursor. */
@Injectable()
export class HintService {
  private readonly batcher = new Batcher<BroughtHint, HintOutcome>((hints) => this.commit(hints), {
    lanes: LANES,
    maxItems: MOST_AT_ONCE,
  });

  constructor(
    private readonly dataSource: DataSource,
    private readonly job: SyncJob,
  ) {}

  /**
   * Resolves when the hint is committed, together with those that came at the same time.
   *
   * @throws HintTooSlowError, or what the database throws
   */
  record(hint: Hint, origin: HintOrigin): Promise<HintOutcome> {
    return this.batcher.add({ ...hint, ...origin });
  }

  private async commit(hints: BroughtHint[]): Promise<HintOutcome[]> {
    const highest = new Map<string, BroughtHint>();
    for (const hint of hints) {
      const known = highest.get(hint.emailAddress);
      if (known === undefined || hint.historyId > known.historyId) highest.set(hint.emailAddress, hint);
    }
    const now = performance.now();
    const recorded = sql<{ email_address: string; ahead: boolean }>(this.dataSource, RECORD, [
      [...highest.keys()],
      Array.from(highest.values(), ({ historyId }) => historyId.toString()),
      Array.from(highest.values(), ({ messageId, trace }) => markOf(messageId, trace)),
      Array.from(highest.values(), ({ receivedAt }) => now - receivedAt),
    ]);
    const rows = await withTimeout(recorded, COMMIT_DEADLINE, () => new HintTooSlowError());
    const outcomes = new Map(rows.map((row) => [row.email_address, row.ahead ? 'news' : 'known'] as const));
    if (rows.some((row) => row.ahead)) this.job.wake();
    return hints.map(({ emailAddress }) => outcomes.get(emailAddress) ?? 'unknown_mailbox');
  }
}

/**
 * One statement for all hints of a batch. Rows are locked in the order of their ids, so that batches of two replicas
 * cannot wait for each other. A back-off after failures is not shortened, nor is a wait that Google asked for.
 */
const RECORD = `
  WITH hint AS (
    SELECT m.email_address, c.mailbox_id, h.history_id, h.mark, h.age,
           h.history_id > greatest(c.history_id, c.notified_history_id) IS NOT FALSE AS ahead
    FROM unnest($1::text[], $2::bigint[], $3::text[], $4::float8[]) AS h (email_address, history_id, mark, age)
    JOIN mailboxes m ON m.email_address = h.email_address AND m.status <> 'disconnected'
    JOIN mailbox_cursors c ON c.mailbox_id = m.id
    ORDER BY c.mailbox_id FOR UPDATE OF c
  ), recorded AS (
    UPDATE mailbox_cursors c SET
      last_notification_at = now(), silent_syncs = 0,
      notifications = CASE WHEN hint.ahead AND NOT c.paused AND cardinality(c.notifications) < ${REMEMBERED}
        THEN c.notifications || concat_ws(' ', hint.history_id, floor(${DATABASE_NOW} - hint.age)::bigint, hint.mark)
        ELSE c.notifications END,
      notified_history_id = greatest(c.notified_history_id, hint.history_id),
      next_sync_at = CASE WHEN hint.ahead AND NOT c.paused AND c.history_id IS NOT NULL AND c.failures = 0
                          THEN least(c.next_sync_at, greatest(now(), c.not_before)) ELSE c.next_sync_at END
    FROM hint WHERE c.mailbox_id = hint.mailbox_id
    RETURNING hint.email_address, hint.ahead
  ), notified AS (
    SELECT pg_notify('inboxwire_sync', '') FROM recorded WHERE ahead LIMIT 1
  )
  SELECT recorded.*, (SELECT count(*) FROM notified) FROM recorded`;
