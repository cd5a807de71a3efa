import { LastError } from '../../common/last-error';

/** The cursor of a mailbox as the API shows it. */
export interface SyncView {
  historyId: string | null;
  notifiedHistoryId: string | null;
  lastNotificationAt: string | null;
  lastSyncAt: string | null;
  lastError: LastError | null;
}

/** How far a run has come. */
export interface SyncProgress {
  cursor: bigint;
  events: number;
  pages: number;
}

export interface SyncResult {
  /** Whether the cursor stood where the run took it to stand; otherwise another run has read the same. */
  moved: boolean;
  dueIn: number | null;
}
