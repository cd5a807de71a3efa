import { Injectable } from '@nestjs/common';

/** Speaks to the Gmail API on behalf of a mailbox, and stores nothing. */
@Injectable()
export class GmailApiClient {
  /**
   * Whose access token this is, straight after consent.
   *
   * @throws GmailApiError (see gmail.errors.ts)
   */
  profile(_accessToken: string): Promise<{ emailAddress: string }> {
    throw new Error('not written yet');
  }

  /** `users.stop`. Throws GrantDeadError of auth when the grant is dead. */
  stop(_mailboxId: string): Promise<void> {
    throw new Error('not written yet');
  }
}
