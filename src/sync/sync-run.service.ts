import { Injectable, Logger } from '@nestjs/common';
import { describeError } from '../common/describe-error';
import { AddressCheckService } from './cursor/address-check.service';
import { CursorLifecycleStore } from './cursor/cursor-lifecycle.store';
import type { SyncRun } from './cursor/sync.types';
import { HistoryReaderService } from './history-reader.service';

/**
 * Reads history, and asks for the address where something says that it may have changed: somebody asked for the sync, or it
 * found changes that no notification announced, as when they come under another address.
 */
@Injectable()
export class SyncRunService {
  private readonly logger = new Logger(SyncRunService.name);

  constructor(
    private readonly reader: HistoryReaderService,
    private readonly addresses: AddressCheckService,
    private readonly cursors: CursorLifecycleStore,
  ) {}

  /**
   * @returns in how many milliseconds the mailbox is due again; null: not by the clock
   * @throws what `HistoryReaderService.read` throws
   */
  async read(run: SyncRun): Promise<number | null> {
    const { claim, progress } = run;
    const dueIn = await this.reader.read(run);
    const isAnnounced = (claim.notifiedHistoryId ?? 0n) > claim.historyId;
    if (claim.addressCheckRequested || (progress.events > 0 && !isAnnounced)) await this.checkAddress(run);
    return dueIn;
  }

  /** A failure is no failure of the sync: what was asked for is asked for again by the next one. */
  private async checkAddress({ claim: { mailboxId }, caller }: SyncRun): Promise<void> {
    try {
      await this.addresses.check(mailboxId, caller);
      await this.cursors.addressChecked(mailboxId);
    } catch (error) {
      // The claim is returned: nothing may be thrown any more.
      const facts = { mailboxId, error: describeError(error) };
      this.logger.warn(facts, 'could not find out which address the account has');
    }
  }
}
