import { Injectable, Logger } from '@nestjs/common';
import { ERASURE_PHASES, KeptData } from '../../erasure/kept-data';
import { KeptRowsStore } from '../../erasure/kept-rows.store';
import { EventLogService } from '../../event/log/event-log.service';
import { spellingsOf } from '../../mailbox/email-address';
import { MailboxService } from '../../mailbox/mailbox.service';
import { type ClaimedErasure, ErasureQueueStore } from './erasure-queue.store';

/**
 * Erases a mailbox that is disconnected. Each part may be done twice, when its replica died in the middle: it finds less to do.
 * First the mailbox forgets who it was, so that its account can be connected anew while the rest is still being erased.
 */
@Injectable()
export class ErasureRunService {
  private readonly logger = new Logger(ErasureRunService.name);

  constructor(
    private readonly queue: ErasureQueueStore,
    private readonly mailboxes: MailboxService,
    private readonly log: EventLogService,
    private readonly kept: KeptData,
    private readonly rows: KeptRowsStore,
  ) {}

  /** @returns false when something was left, or the claim was lost: it is to be done again */
  async run(claimed: ClaimedErasure, signal: AbortSignal): Promise<boolean> {
    const started = performance.now();
    const mailbox = await this.forgetName(claimed);
    if (!mailbox) return false;
    for (const phase of ERASURE_PHASES)
      for (const erase of this.kept.stepsOf(phase)) await erase(mailbox, signal);
    await this.rows.delete(mailbox, signal);
    const isErased = await this.finish(mailbox.id);
    const ms = Math.round(performance.now() - started);
    if (isErased) this.logger.log({ mailboxId: mailbox.id, ms }, 'a mailbox was erased');
    return isErased;
  }

  /** @returns undefined when the claim was lost */
  private async forgetName(claimed: ClaimedErasure): Promise<ClaimedErasure | undefined> {
    const { id } = claimed;
    // Before the transaction: to read a long log takes its time.
    const reported = await this.log.names(id);
    return this.log.transaction(id, async ({ manager }) => {
      const { emailAddress, externalId } = await this.mailboxes.read(manager, id);
      const addresses = [...reported.emailAddresses, ...(emailAddress === null ? [] : [emailAddress])];
      const mailbox: ClaimedErasure = {
        ...claimed,
        emailAddresses: unique([...claimed.emailAddresses, ...addresses.flatMap(spellingsOf)]),
        externalIds: unique([
          ...claimed.externalIds,
          ...reported.externalIds,
          ...(externalId === null ? [] : [externalId]),
        ]),
      };
      if (!(await this.queue.rememberNames(manager, mailbox))) return undefined;
      await this.mailboxes.forgetName(manager, id);
      return mailbox;
    });
  }

  private finish(id: string): Promise<boolean> {
    return this.log.transaction(id, async ({ manager, append }) => {
      if (!(await this.log.isErased(manager, id)) || !(await this.queue.finish(manager, id))) return false;
      await this.mailboxes.move(manager, id, ['disconnected'], 'erased');
      await append([{ type: 'mailbox.erased', data: { erased: true } }]);
      return true;
    });
  }
}

function unique(texts: string[]): string[] {
  return [...new Set(texts)];
}
