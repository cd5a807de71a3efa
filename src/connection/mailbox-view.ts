import type { Mailbox, MailboxStatus } from '../mailbox/mailbox.types';
import type { LastError, SyncView } from '../sync/cursor/sync.types';
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

/**
 * Puts together what four modules know of a mailbox; what they do not know of it is empty.
 *
 * @param disconnectError what holds up a disconnect: told in the place of the last sync's error, of which nothing comes any more
 */
export function toView(
  { id, emailAddress, externalId, status, createdAt }: Mailbox,
  scopes: string[] = [],
  watch: WatchView | null = null,
  sync: SyncView = NEVER_SYNCED,
  disconnectError?: LastError,
): MailboxView {
  return {
    id,
    emailAddress,
    externalId,
    scopes,
    status,
    watch,
    sync: disconnectError ? { ...sync, lastError: disconnectError } : sync,
    createdAt: createdAt.toISOString(),
  };
}
