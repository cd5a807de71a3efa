import { randomUUID } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { describeError } from '../../common/describe-error';
import { InboxwireError } from '../../common/inboxwire.error';
import { toErrorResponse } from '../../http/error-response';
import { ValidationFailedError } from '../../http/http.errors';
import type { Problem } from '../../http/problem';
import { validationPipe } from '../../http/validation';
import { MailboxService } from '../../mailbox/mailbox.service';
import { type MailboxView, MailboxViewService } from '../mailboxes/mailbox-view.service';
import { addressOf, forEachAddress } from './connect-many';
import { WorkspaceUnavailableError } from './workspace.errors';
import { CreateMailboxDto } from './workspace.dto';
import { type ConnectedMailbox, type WantedMailbox, WorkspaceService } from './workspace.service';

/** What has not begun by then is left to another request: proxies and clients wait no longer than a minute. */
const BULK_TIME_MS = 50_000;

const BODY = { type: 'body', metatype: CreateMailboxDto } as const;

/** What became of one item of a list: what it would have been answered alone. */
export type BulkItem = { emailAddress: string | null; status: number } & (
  { mailbox: MailboxView } | { error: Problem }
);

type Outcome = ConnectedMailbox | { error: Problem };

/** Connects the mailboxes that a request names, and shows them. */
@Injectable()
export class WorkspaceApiService {
  private readonly logger = new Logger(WorkspaceApiService.name);

  constructor(
    private readonly workspace: WorkspaceService,
    private readonly mailboxes: MailboxService,
    private readonly views: MailboxViewService,
  ) {}

  /** @throws as `WorkspaceService.connect` */
  async connect(wanted: WantedMailbox): Promise<{ mailbox: MailboxView; isNew: boolean }> {
    const { id, isNew } = await this.workspace.connect(wanted);
    return { mailbox: await this.views.of(await this.mailboxes.get(id)), isNew };
  }

  /** @returns what became of each item, in their order @throws DelegationNotConfiguredError */
  async connectMany(items: readonly unknown[]): Promise<{ data: BulkItem[] }> {
    this.workspace.requireDelegation();
    const until = performance.now() + BULK_TIME_MS;
    const outcomes = await forEachAddress(items, (item) => this.outcomeOf(item, until));
    const views = await this.viewsOf(outcomes.flatMap((outcome) => ('id' in outcome ? outcome.id : [])));
    const data = outcomes.map((outcome, index): BulkItem => {
      const emailAddress = addressOf(items[index]);
      if ('error' in outcome) return { emailAddress, status: outcome.error.status, error: outcome.error };
      return { emailAddress, status: outcome.isNew ? 201 : 200, mailbox: views.get(outcome.id)! };
    });
    return { data };
  }

  private async outcomeOf(item: unknown, until: number): Promise<Outcome> {
    try {
      const wanted = await read(item);
      if (performance.now() > until) throw new WorkspaceUnavailableError();
      return await this.workspace.connect(wanted);
    } catch (error) {
      const { problem } = toErrorResponse(error, randomUUID(), { method: 'POST', url: '/v1/mailboxes' });
      const { requestId, status, code } = problem;
      const level = error instanceof InboxwireError ? 'debug' : 'error';
      this.logger[level](
        { requestId, status, code, error: describeError(error) },
        'a mailbox was not connected',
      );
      return { error: problem };
    }
  }

  private async viewsOf(ids: string[]): Promise<Map<string, MailboxView>> {
    const views = await this.views.ofAll(await this.mailboxes.getAll([...new Set(ids)]));
    return new Map(views.map((view) => [view.id, view]));
  }
}

async function read(item: unknown): Promise<WantedMailbox> {
  if (typeof item !== 'object' || item === null || Array.isArray(item))
    throw new ValidationFailedError([
      { path: '', message: 'must be an object such as {"emailAddress": "…"}' },
    ]);
  return (await validationPipe.transform(item, BODY)) as CreateMailboxDto;
}
