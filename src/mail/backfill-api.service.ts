import { Injectable } from '@nestjs/common';
import { MailboxService } from '../mailbox/mailbox.service';
import { BackfillService } from '../sync/backfill/backfill.service';
import { BackfillRunningError } from '../sync/backfill/backfill.errors';
import type { BackfillEstimate } from '../sync/backfill/backfill.types';
import { MailAccessService } from './mail-access.service';

export interface BackfillRequest {
  since: string;
  force?: boolean;
  dryRun?: boolean;
}

/** Asks for backfills, and says beforehand what they cost. */
@Injectable()
export class BackfillApiService {
  constructor(
    private readonly access: MailAccessService,
    private readonly mailboxes: MailboxService,
    private readonly backfills: BackfillService,
  ) {}

  /** @throws InvalidValueError, BackfillRunningError, and what `MailAccessService.read` throws */
  async request(id: string, request: BackfillRequest, signal: AbortSignal): Promise<BackfillEstimate> {
    await this.mailboxes.getActive(id);
    const since = this.backfills.readSince('since', request.since, request.force);
    if (!request.dryRun && (await this.backfills.isRunning(id))) throw new BackfillRunningError(id);
    const reading = { mailboxId: id, wanted: { kind: 'labels', id } as const, signal };
    const estimate = await this.access.read(reading, ({ caller }) => this.backfills.estimate(caller, since));
    if (!request.dryRun) await this.start(id, since);
    return estimate;
  }

  private async start(id: string, since: Date): Promise<void> {
    if (await this.backfills.start(id, since)) return;
    await this.mailboxes.getActive(id);
    throw new BackfillRunningError(id);
  }
}
