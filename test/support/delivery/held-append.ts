import { EventLogService } from '../../../src/event/log/event-log.service';
import type { EventType, NewEvent } from '../../../src/event/event.types';
import type { TestMailbox, TestReplica } from '../test-replica';

/** An append that has done all but commit. */
export interface HeldAppend {
  commit(): Promise<void>;
}

/** Appends so many events to the mailbox, in a transaction that stays open until it is asked to commit. */
export async function holdAppend(
  replica: TestReplica,
  mailbox: TestMailbox,
  count = 1,
  type: EventType = 'message.deleted',
): Promise<HeldAppend> {
  const events = Array.from({ length: count }, (_, n): NewEvent => ({ type, data: { n } }));
  let commit = () => {};
  const committing = new Promise<void>((resolve) => (commit = resolve));
  let committed: Promise<void> = Promise.resolve();
  await new Promise<void>((appended) => {
    committed = replica.application
      .get(EventLogService, { strict: false })
      .transaction(mailbox.id, async (transaction) => {
        await transaction.append(events);
        appended();
        await committing;
      });
  });
  return { commit: () => (commit(), committed) };
}
