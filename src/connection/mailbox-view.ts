import type { Mailbox, MailboxStatus } from '../mailbox/mailbox.types';
import type { SyncView } from '../sync/sync.types';
import type { WatchView } from '../watch/watch.service';

/** A mailbox as the API shows it: who it is, and where its grant, watch and sync stand. */
export interface MailboxView {
  id: string;
  emailAddress: string;
  externalId: string | null;
  scopes: string[];
  status: MailboxStatus;
  watch: WatchView | null;
  sync: SyncView;
  createdAt: string;
}

const NEVER_SYNCED: SyncView = {
  historyId: null,
  notifiedHistoryId: null,
  lastNotificationAt: null,
  lastSyncAt: null,
  lastError: null,
};

/** Puts together what four modules know of a mailbox; what they do not know of it is empty. */
export function toView(
  { id, emailAddress, externalId, status, createdAt }: Mailbox,
  scopes: string[] = [],
  watch: WatchView | null = null,
  sync: SyncView = NEVER_SYNCED,
): MailboxView {
  return {
    id,
    emailAddress,
    externalId,
    scopes,
    status,
    watch,
    sync,
    createdAt: createdAt.toISOString(),
  };
}
