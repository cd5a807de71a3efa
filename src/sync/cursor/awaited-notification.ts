import { type NotificationTrace, readTrace } from '../../event/notification-trace';
import type { NewEvent } from '../../event/event.types';

/** A notification that no sync has answered yet: up to this id something has changed. */
export interface AwaitedNotification {
  historyId: bigint;
  mark: NotificationTrace;
}

/** Reads one of `mailbox_cursors.notifications`. @param now as `readTrace` wants it */
export function readAwaited(text: string, now: number): AwaitedNotification {
  const end = text.indexOf(' ');
  return { historyId: BigInt(text.slice(0, end)), mark: readTrace(text.slice(end + 1), now) };
}

/**
 * Marks each event with the notification that announced it: the lowest one that reaches its history record. What was
 * found before any notification told of it stays unmarked.
 */
export function announcedBy(events: NewEvent[], awaited: readonly AwaitedNotification[]): NewEvent[] {
  const inOrder = awaited.toSorted((a, b) => (a.historyId < b.historyId ? -1 : 1));
  return events.map((event) => {
    const { historyId } = event.data;
    if (typeof historyId !== 'string') return event;
    const notification = inOrder.find((one) => one.historyId >= BigInt(historyId))?.mark;
    return notification ? { ...event, notification } : event;
  });
}
