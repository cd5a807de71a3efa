import { Injectable, Logger } from '@nestjs/common';
import { GrantDeadError } from '../gmail/gmail.errors';
import { InboxwireError } from '../common/inboxwire.error';
import { Metrics } from '../observability/metrics';
import { WatchSettings } from '../config/settings';
import { type AppendTransaction, EventLogService } from '../event/log/event-log.service';
import { GmailApiClient } from '../gmail/client/gmail-api.client';
import type { StartedWatch } from '../gmail/gmail.types';
import { MailboxService } from '../mailbox/mailbox.service';
import type { Mailbox } from '../mailbox/mailbox.types';
import { MailboxCursorService } from '../sync/mailbox-cursor.service';
import { ReauthorizationService } from '../sync/cursor/reauthorization.service';
import { toLastError } from '../common/last-error';
import type { LabelFilter } from '../gmail/label-filter';
import { renewalTime, retryTime, worthReporting } from './renewal-schedule';
import { WatchStore } from './watch.store';

/** What Google was asked: by a person (connect, PUT) or by the renewal job. */
export interface WatchRequest {
  /** As it was before Google was asked. */
  mailbox: Mailbox;
  filter: LabelFilter;
  asked: boolean;
}

/** Commits what became of a request for a watch: the watch, the cursor that it sets and the event that it causes, together. */
@Injectable()
export class WatchOutcomeService {
  private readonly logger = new Logger(WatchOutcomeService.name);

  // Eight: the watch, the cursor, the log and the mailbox change in one transaction, and each has an owner of its own.
  constructor(
    private readonly store: WatchStore,
    private readonly mailboxes: MailboxService,
    private readonly cursors: MailboxCursorService,
    private readonly log: EventLogService,
    private readonly reauthorization: ReauthorizationService,
    private readonly gmail: GmailApiClient,
    private readonly settings: WatchSettings,
    private readonly metrics: Metrics,
  ) {}

  /** Begins a request to Google: what comes of it is about the mailbox as it is now. */
  async begin(mailboxId: string, filter: LabelFilter, asked: boolean): Promise<WatchRequest> {
    return { mailbox: await this.mailboxes.get(mailboxId), filter, asked };
  }

  /** @param flaw what is wrong with the watch nevertheless */
  async granted(
    { mailbox, filter, asked }: WatchRequest,
    started: StartedWatch,
    flaw: InboxwireError | null = null,
  ): Promise<void> {
    const { id: mailboxId } = mailbox;
    const { expiresAt } = started;
    this.metrics.watchRequests.inc({ outcome: 'granted' });
    const grantedAt = await this.store.now();
    const renewAt = renewalTime(mailboxId, { grantedAt, expiresAt }, this.settings.renewBefore);
    await this.log.transaction(mailboxId, async (transaction) => {
      const { manager } = transaction;
      // Disconnected while Google was being asked: the watch goes with the grant.
      if (!(await this.mailboxes.isActive(manager, mailboxId))) return;
      // The one before it may have run out while the renewals of others went first.
      await this.appendExpiry(mailbox, transaction);
      await this.store.granted(manager, mailboxId, filter, {
        ...{ expiresAt, renewAt, asked },
        lastError: flaw && toLastError(flaw),
      });
      await this.cursors.follow(manager, mailboxId, { ...filter, ...started });
    });
    this.cursors.wake();
    this.logger.log({ mailboxId, expiresAt, renewAt, outcome: 'granted' }, 'watch');
    if (flaw) this.logger.warn({ mailboxId, code: flaw.code }, flaw.message);
  }

  async refused({ mailbox, filter, asked }: WatchRequest, error: unknown): Promise<void> {
    const lastError = toLastError(error);
    this.metrics.watchRequests.inc({ outcome: 'refused' });
    const { id: mailboxId } = mailbox;
    await this.log.transaction(mailboxId, async ({ manager, append }) => {
      // Disconnected while Google was being asked: nothing more is reported of it.
      if (!(await this.mailboxes.isActive(manager, mailboxId))) return;
      const { failures, reported, expiresAt } = await this.store.refused(
        manager,
        mailboxId,
        filter,
        lastError,
        asked,
      );
      const again = retryTime(
        {
          failures,
          code: lastError.code,
          interval: this.settings.renewalInterval,
          expiresAt,
        },
        await this.store.now(manager),
      );
      const isRefusal = !(error instanceof InboxwireError && error.retryable);
      const report = !reported && worthReporting(failures, asked || isRefusal);
      await this.store.scheduleRetry(manager, mailboxId, again, report);
      if (report) {
        const data = { expiresAt: expiresAt?.toISOString() ?? null, error: lastError };
        await append([{ type: 'watch.failed', data }]);
      }
      this.logger.warn(
        { mailboxId, code: lastError.code, failures, again, outcome: 'refused' },
        lastError.message,
      );
    });
    if (error instanceof GrantDeadError) await this.reauthorization.require(mailbox, error.reason);
    else await this.beginReading(mailboxId, filter);
  }

  /** Where there is no watch to say where reading begins, the mailbox itself does: nothing from here on is missed. */
  private async beginReading(mailboxId: string, filter: LabelFilter): Promise<void> {
    if (await this.cursors.hasBegun(mailboxId)) return;
    try {
      await this.cursors.begin(
        mailboxId,
        filter,
        await this.gmail.currentHistoryId({ mailboxId, priority: 'watch' }),
      );
    } catch (error) {
      // Asked again at the next refusal; the call for the watch has reported what this error means.
      if (!(error instanceof InboxwireError)) throw error;
    }
  }

  /** Reports a watch that ran out, once. */
  async expired(mailboxId: string): Promise<void> {
    const mailbox = await this.mailboxes.get(mailboxId);
    await this.log.transaction(mailboxId, (transaction) => this.appendExpiry(mailbox, transaction));
  }

  private async appendExpiry(mailbox: Mailbox, { manager, append }: AppendTransaction): Promise<void> {
    const expiry = await this.store.markExpiryReported(manager, mailbox.id);
    if (!expiry) return;
    const { expiresAt, error } = expiry;
    await append([{ type: 'watch.expired', data: { expiresAt: expiresAt.toISOString(), error } }]);
    this.logger.warn({ mailboxId: mailbox.id, expiresAt }, 'the watch ran out before it could be renewed');
  }

  async stopped(mailboxId: string): Promise<void> {
    await this.log.transaction(mailboxId, async ({ manager }) => {
      await this.store.stopped(manager, mailboxId);
      await this.cursors.unfollow(manager, mailboxId);
    });
    this.logger.log({ mailboxId, outcome: 'stopped' }, 'watch');
  }
}
