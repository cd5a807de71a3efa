import type { LastError } from '../../common/last-error';
import type { GmailCaller } from '../../gmail/quota/costs';
import type { LabelFilter } from '../../gmail/label-filter';
import type { MailboxAtRevision } from '../../mailbox/mailbox.types';
import type { AwaitedNotification } from './awaited-notification';
import type { ReadingMode } from './poison';

/** The cursor of a mailbox as the API shows it. */
export interface SyncView {
  historyId: string | null;
  notifiedHistoryId: string | null;
  lastNotificationAt: string | null;
  lastSyncAt: string | null;
  lastError: LastError | null;
}

/**
 * Why a mailbox is synced: something asked for it; it was merely quiet for long; or a gap in its history is to be repaired.
 */
export type SyncLane = 'news' | 'reconcile' | 'repair';

/** A mailbox that this replica is to sync, as it was when it was claimed. */
export interface SyncClaim {
  mailboxId: string;
  /** As in `Mailbox`. */
  mailboxRevision: number;
  /** Which messages count: the filter in force when the claim was made, or the one after it that the run has found. */
  filter: LabelFilter;
  /** When the mailbox has one that is whole. */
  snapshot: { id: number; labels: string[] } | null;
  historyId: bigint;
  notifiedHistoryId: bigint | null;
  /** Those that no sync has answered yet. */
  notifications: AwaitedNotification[];
  requestCount: string;
  failures: number;
  /** Runs at this place in the history, this one included. */
  attempts: number;
  lane: SyncLane;
  /** Somebody asked for a sync: Gmail is asked for the address too. */
  addressCheckRequested: boolean;
  /** When the cursor was last at the end of the history; what arrived before is in the log. */
  upToDateAt: Date;
  /** History has been behind the hint for so long that the hint is to be given up, unless this run reaches it. */
  hintIsOverdue: boolean;
}

/** A run that reads messages of a mailbox: a sync or a backfill. */
export interface ReadingRun {
  readonly mailbox: MailboxAtRevision;
  /** On whose behalf Gmail is asked. */
  readonly caller: GmailCaller;
  readonly mode: ReadingMode;
  readonly progress: SyncProgress;
  readonly signal: AbortSignal;
  /**
   * Writes down, before a message is touched that was found without the help of history, that it is: should that kill the
   * process, the next run knows.
   *
   * @returns how many runs in a row were at this message without living to return the claim, this one included
   */
  readonly suspect: (messageId: string) => Promise<number>;
}

/** One sync of a mailbox, from its claim to its end. */
export interface SyncRun extends ReadingRun {
  readonly claim: SyncClaim;
}

/** How far a run has come. It is kept up to date, also when the run throws. */
export interface SyncProgress {
  cursor: bigint;
  events: number;
  pages: number;
  outcome: SyncRunOutcome;
  /** The messages that history reports as deleted, once that was asked for. */
  deletedIds?: ReadonlySet<string> | undefined;
  /** Until when a repair waits for messages that a list shows and Gmail does not give, by `performance.now()`. */
  missingUntil?: number;
}

/** How a run ended: as the metric counts it. */
export type SyncRunOutcome = 'done' | 'superseded' | 'postponed' | 'database_away' | 'failed' | 'returned';

/** Where a run ends. */
export interface SyncEnd {
  from: bigint;
  to: bigint;
  /** Whether it found changes that count. */
  found: boolean;
}
