import type { Mailbox } from '../api-types';
import { quiet } from '../event/mailbox-log';
import type { TestApp } from '../test-app';

/** Connects a mailbox for which every change counts; once it has read everything, no push arrives any more. */
export async function connectWithoutPushes(app: TestApp, emailAddress: string): Promise<Mailbox> {
  app.pushes.chaos = {};
  const mailbox = await app.connect(emailAddress, { labelIds: [] });
  await quiet(app, mailbox);
  app.pushes.chaos = { drop: 1 };
  return mailbox;
}
