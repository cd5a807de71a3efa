import type { Mailbox } from '../api-types';
import { quiet } from '../event/mailbox-log';
import { snapshotIs } from '../sync/snapshot';
import type { TestApp } from '../test-app';
import { connectMailbox } from './connect-mailbox';

/** They wait for each other's answers, and not for a connection of the database. */
const AT_ONCE = 4;

/** Connects mailboxes of new accounts, some at once. @returns them in the order of their addresses */
export async function connectEach({ google, api }: TestApp, addresses: string[]): Promise<Mailbox[]> {
  const mailboxes: Mailbox[] = [];
  const left = addresses.entries();
  const connectSome = async () => {
    for (const [n, address] of left) {
      google.addAccount(address);
      mailboxes[n] = await connectMailbox(google, api, address);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, connectSome));
  return mailboxes;
}

/** Connects so many mailboxes, and waits until each has its snapshot and nothing left to read. */
export async function connectMany(app: TestApp, count: number): Promise<Mailbox[]> {
  const mailboxes = await connectEach(
    app,
    Array.from({ length: count }, (_, n) => `many-${n}@example.com`),
  );
  for (const { id } of mailboxes) await snapshotIs(app, id);
  for (const mailbox of mailboxes) await quiet(app, mailbox);
  return mailboxes;
}
