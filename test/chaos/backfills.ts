import type { ApiClient } from '../support/api-client';
import type { ConnectedMailbox } from './connected-mailbox';
import type { Tally } from './tally';

/** The operator asks for what arrived before the mailboxes were connected, again and again. */
export class Backfills {
  constructor(
    private readonly api: ApiClient,
    private readonly tally: Tally,
  ) {}

  /** @returns how many of the mailboxes one is under way in */
  async running(mailboxes: readonly ConnectedMailbox[]): Promise<number> {
    const { data } = await this.api.get('/v1/mailboxes?limit=500');
    const running = new Set(data.filter(({ backfill }) => backfill !== null).map(({ id }) => id));
    return mailboxes.filter(({ id }) => running.has(id)).length;
  }

  /** @returns whether it was accepted */
  async ask({ id, backfills }: ConnectedMailbox): Promise<boolean> {
    const since = backfills.since;
    try {
      await this.api.post(`/v1/mailboxes/${id}/backfill`, { since }, 202);
      backfills.accepted += 1;
      this.tally.add('backfill asked for');
      return true;
    } catch (error) {
      // Of any other answer, or none, nobody knows whether it was accepted.
      const isRefused = String(error).includes('answered 409');
      if (!isRefused) backfills.unanswered += 1;
      this.tally.add(`backfill asked for ${isRefused ? 'while one runs' : 'in vain'}`);
      return false;
    }
  }
}
