import { Injectable } from '@nestjs/common';
import { GrantService } from '../../auth/grant.service';
import type { GrantKind, Mailbox, MailboxStatus } from '../../mailbox/mailbox.types';
import { MailboxCursorService } from '../../sync/mailbox-cursor.service';
import { WatchService, type WatchView } from '../../watch/watch.service';
import { DisconnectQueueStore } from '../lifecycle/disconnect-queue.store';
import type { BackfillView } from '../../sync/backfill/backfill.types';
import type { SyncView } from '../../sync/cursor/sync.types';
import type { LastError } from '../../common/last-error';

/** A mailbox as the API shows it: who it is, and where its grant, watch and sync stand. */
export interface MailboxView {
  id: string;
  googleAccountId: string | null;
  /** Null once it is erased. */
  emailAddress: string | null;
  externalId: string | null;
  grant: GrantKind;
  scopes: string[];
  status: MailboxStatus;
  watch: WatchView | null;
  sync: SyncView;
  /** Null: none is under way. */
  backfill: BackfillView | null;
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
 * @param disconnectError what holds up a disconnect: shown in the place of the last sync's error, of which nothing comes any more
 */
export function toView(
  { id, googleAccountId, emailAddress, externalId, grantKind, status, createdAt }: Mailbox,
  scopes: string[] = [],
  watch: WatchView | null = null,
  sync: SyncView = NEVER_SYNCED,
  backfill: BackfillView | null = null,
  disconnectError?: LastError,
): MailboxView {
  return {
    id,
    googleAccountId,
    emailAddress,
    externalId,
    grant: grantKind,
    scopes,
    status,
    watch,
    sync: disconnectError ? { ...sync, lastError: disconnectError } : sync,
    backfill,
    createdAt: createdAt.toISOString(),
  };
}

/** Shows mailboxes: one read of each module for all of them. */
@Injectable()
export class MailboxViewService {
  constructor(
    private readonly grants: GrantService,
    private readonly watches: WatchService,
    private readonly cursors: MailboxCursorService,
    private readonly disconnects: DisconnectQueueStore,
  ) {}

  async of(mailbox: Mailbox): Promise<MailboxView> {
    return (await this.ofAll([mailbox]))[0]!;
  }

  async ofAll(mailboxes: Mailbox[]): Promise<MailboxView[]> {
    const ids = mailboxes.map(({ id }) => id);
    const [scopes, watches, syncs, backfills, faults] = await Promise.all([
      this.grants.scopes(ids),
      this.watches.views(ids),
      this.cursors.views(ids),
      this.cursors.backfillViews(ids),
      this.disconnects.lastErrors(ids),
    ]);
    return mailboxes.map((mailbox) =>
      toView(
        mailbox,
        scopes.get(mailbox.id),
        watches.get(mailbox.id),
        syncs.get(mailbox.id),
        backfills.get(mailbox.id),
        faults.get(mailbox.id),
      ),
    );
  }
}
