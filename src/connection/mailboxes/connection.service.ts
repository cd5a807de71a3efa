import { Injectable } from '@nestjs/common';
import { BackgroundJobs } from '../../background/background-jobs';
import { decodeCursor, type Page, toPage } from '../../http/page';
import { MailboxService } from '../../mailbox/mailbox.service';
import type { MailboxFilter } from '../../mailbox/mailbox.types';
import { MailboxCursorService } from '../../sync/mailbox-cursor.service';
import type { LabelFilter } from '../../gmail/label-filter';
import { WatchService } from '../../watch/watch.service';
import { MailboxLifeService } from '../lifecycle/mailbox-life.service';
import { type MailboxView, MailboxViewService } from './mailbox-view.service';

/** What the operator can do with a mailbox that is there. */
@Injectable()
export class ConnectionService {
  /** Six: the operator's verbs reach every module that keeps something of a mailbox. */
  constructor(
    private readonly mailboxes: MailboxService,
    private readonly views: MailboxViewService,
    private readonly watches: WatchService,
    private readonly cursors: MailboxCursorService,
    private readonly life: MailboxLifeService,
    private readonly jobs: BackgroundJobs,
  ) {}

  async list(filter: MailboxFilter, cursor: string | undefined, limit: number): Promise<Page<MailboxView>> {
    const after = cursor === undefined ? undefined : decodeCursor(cursor);
    const rows = await this.mailboxes.list(filter, after, limit + 1);
    const { data, nextCursor } = toPage(rows, limit, (mailbox) => mailbox);
    return { data: await this.views.ofAll(data), nextCursor };
  }

  async get(id: string): Promise<MailboxView> {
    return this.views.of(await this.mailboxes.get(id));
  }

  /** Events that are appended from now on carry it. @throws NotFoundError, MailboxErasedError */
  async setExternalId(id: string, externalId: string | null | undefined): Promise<MailboxView> {
    await this.mailboxes.get(id);
    if (externalId !== undefined) await this.life.setExternalId(id, externalId);
    return this.get(id);
  }

  /** @throws MailboxNotActiveError, GoogleRefusedError */
  async startWatch(id: string, filter: LabelFilter): Promise<MailboxView> {
    await this.mailboxes.getActive(id);
    await this.watches.start(id, filter);
    return this.get(id);
  }

  /** @throws MailboxNotActiveError */
  async stopWatch(id: string): Promise<MailboxView> {
    await this.mailboxes.getActive(id);
    await this.watches.stop(id);
    return this.get(id);
  }

  /** @throws MailboxNotActiveError */
  async requestSync(id: string): Promise<MailboxView> {
    const mailbox = await this.mailboxes.getActive(id);
    await this.cursors.requestSync(id);
    return this.views.of(mailbox);
  }

  /**
   * What is asked for is committed when this returns, and done by the job.
   *
   * @returns the mailbox as the request left it
   * @throws NotFoundError
   */
  async disconnect(id: string): Promise<MailboxView> {
    await this.mailboxes.get(id);
    const disconnecting = await this.life.beginDisconnect(id);
    if (disconnecting) this.jobs.wake('disconnect');
    return this.views.of(disconnecting ?? (await this.mailboxes.get(id)));
  }

  /**
   * Disconnects, and then erases what is kept of the mailbox. As `disconnect`.
   *
   * @throws NotFoundError
   */
  async erase(id: string): Promise<MailboxView> {
    await this.mailboxes.get(id);
    const mailbox = await this.life.beginErasure(id);
    this.jobs.wake('disconnect');
    this.jobs.wake('erasure');
    return this.views.of(mailbox);
  }
}
