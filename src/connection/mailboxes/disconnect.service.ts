import { Injectable } from '@nestjs/common';
import { MailboxService } from '../../mailbox/mailbox.service';
import type { Mailbox } from '../../mailbox/mailbox.types';
import { DisconnectJob } from '../lifecycle/disconnect.job';
import { MailboxLifeService } from '../lifecycle/mailbox-life.service';

/** Asks for disconnects. What is asked for is committed when this returns, and done by the job. */
@Injectable()
export class DisconnectService {
  constructor(
    private readonly mailboxes: MailboxService,
    private readonly life: MailboxLifeService,
    private readonly job: DisconnectJob,
  ) {}

  /**
   * @returns the mailbox as the request left it
   * @throws NotFoundError
   */
  async request(id: string): Promise<Mailbox> {
    await this.mailboxes.get(id);
    const disconnecting = await this.life.beginDisconnect(id);
    if (!disconnecting) return this.mailboxes.get(id);
    this.job.wake();
    return disconnecting;
  }
}
