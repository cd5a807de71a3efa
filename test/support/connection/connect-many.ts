import type { Mailbox } from '../api-types';
import { quiet } from '../event/mailbox-log';
import { snapshotIs } from '../sync/snapshot';
import type { TestApp } from '../test-app';
import { connectMailbox } from './connect-mailbox';

/** Connects so many mailboxes, and waits until each has its snapshot and nothing left to read. */
export async function connectMany(app: TestApp, count: number): Promise<Mailbox[]> {
  const mailboxes: Mailbox[] = [];
  for (let n = 0; n < count; n++) {
    const address = `many-${n}@example.com`;
    app.google.addAccount(address);
    mailboxes.push(await connectMailbox(app.google, app.api, address));
  }
  for (const { id } of mailboxes) await snapshotIs(app, id);
  for (const mailbox of mailboxes) await quiet(app, mailbox);
  return mailboxes;
}
