import type { ApiClient } from '../support/api-client';
import type { ConnectedMailbox } from './connected-mailbox';
import type { Tally } from './tally';

/** Customers leave: their mailboxes are erased, in the middle of whatever is being done with them. */
export class Erasures {
  /** Those that an answer says are being erased. */
  private readonly accepted = new Set<ConnectedMailbox>();

  constructor(
    private readonly api: ApiClient,
    private readonly doomed: readonly ConnectedMailbox[],
    private readonly tally: Tally,
  ) {}

  /** Asks for the next one. What gets no good answer is asked for again. */
  async act(): Promise<void> {
    const next = this.doomed.find((mailbox) => !this.accepted.has(mailbox));
    if (next) await this.ask(next).catch(() => this.tally.add('erasure asked for in vain'));
  }

  /** Asks for all that are left. @returns how many are not erased yet */
  async left(): Promise<number> {
    for (const mailbox of this.doomed) if (!this.accepted.has(mailbox)) await this.ask(mailbox);
    const { data } = await this.api.get('/v1/mailboxes?status=erased&limit=500');
    const erased = new Set(data.map(({ id }) => id));
    return this.doomed.filter(({ id }) => !erased.has(id)).length;
  }

  private async ask(mailbox: ConnectedMailbox): Promise<void> {
    await this.api.delete(`/v1/mailboxes/${mailbox.id}?erase=true`, 202);
    this.accepted.add(mailbox);
    this.tally.add('erasure asked for');
  }
}
