import type { LastError } from '../../common/last-error';
import type { LabelFilter } from '../../gmail/label-filter';
import type { ReadingRun } from '../cursor/sync.types';

/** A backfill under way, as the API shows it with its mailbox. */
export interface BackfillView {
  since: string;
  /** Everything that arrived before is in the log; null: it has not begun, or its lists show no times. */
  position: string | null;
  recovered: number;
  startedAt: string;
  lastError: LastError | null;
}

/** What a backfill would read, and what that costs. */
export interface BackfillEstimate {
  messages: number;
  /** Of Gmail's quota. */
  units: number;
  seconds: number;
}

/** A backfill that this replica is to go on with. Times in milliseconds since the epoch. */
export interface BackfillClaim {
  mailboxId: string;
  mailboxRevision: number;
  /** The filter in force when the claim was made. */
  filter: LabelFilter;
  /** Where the mailbox cursor was then. */
  historyId: bigint;
  since: number;
  until: number;
  position: number | null;
  failures: number;
  /** Runs at this position, this one included. */
  attempts: number;
}

export interface BackfillRun extends ReadingRun {
  readonly claim: BackfillClaim;
}
