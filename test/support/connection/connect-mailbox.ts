import { Browser } from '../../../src/local-google/oauth/browser';
import type { LocalGoogle } from '../../../src/local-google/local-google';
import type { ApiClient } from '../api-client';
import type { Mailbox } from '../api-types';

/**
 * Connects a mailbox through the consent of the local Google, as its owner would in a browser of
 * their own, and returns the mailbox.
 */
export async function connectMailbox(
  google: LocalGoogle,
  api: ApiClient,
  emailAddress: string,
  session: Record<string, unknown> = {},
): Promise<Mailbox> {
  const { url } = await api.post('/v1/connect-sessions', session, 201);
  const browser = new Browser();
  const callback = await google.consent(url, { account: emailAddress }, browser);
  const answer = await browser.visit(callback);
  if (answer.status >= 400) throw new Error(`The callback answered ${answer.status}: ${await answer.text()}`);
  const { data } = await api.get(`/v1/mailboxes?emailAddress=${encodeURIComponent(emailAddress)}`);
  return data[0]!;
}
