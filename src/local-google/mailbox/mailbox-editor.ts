import type { HistoryRecord } from './history-record';
import type { Mailbox } from './mailbox';
import type { Notifications } from './notifications';
import type { RecordRequest } from './record-changes';
import type { StoredMessage } from './stored-message';

/** Every change of a mailbox goes through here: one history record, then the notifications. */
export class MailboxEditor {
  /** Of every project that may watch. */
  readonly notifications: Notifications[] = [];

  record(mailbox: Mailbox, request: RecordRequest): HistoryRecord {
    const record = mailbox.record(request);
    for (const notifications of this.notifications) notifications.changed(mailbox, record);
    return record;
  }

  /** Labels that change nothing leave no trace in the history. */
  relabel(
    mailbox: Mailbox,
    message: StoredMessage,
    add: readonly string[],
    remove: readonly string[],
  ): HistoryRecord | null {
    const { id } = message;
    const removed = remove.filter((label) => message.labelIds.has(label));
    const added = add.filter((label) => !message.labelIds.has(label) && !remove.includes(label));
    if (added.length + removed.length === 0) return null;
    return this.record(mailbox, {
      labelsAdded: added.length > 0 ? [{ id, labelIds: added }] : [],
      labelsRemoved: removed.length > 0 ? [{ id, labelIds: removed }] : [],
    });
  }
}
