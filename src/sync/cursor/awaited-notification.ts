import { type NotificationTrace, readTrace } from '../../event/notification-trace';
import type { NewEvent } from '../../event/event.types';

/** A notification that no sync has answered yet: up to this id something has changed. */
export interface AwaitedNotification {
  historyId: bigint;
  trace: NotificationTrace;
}

/** Reads one of `mailbox_cursors.notifications`. @param now as `readTrace` wants it */
export function readAwaited(text: string, now: number): AwaitedNotification {
  const end = text.indexOf(' ');
  return { historyId: BigInt(text.slice(0, end)), trace: readTrace(text.slice(end + 1), now) };
}

/**
 * Names the notification that announced each event: the lowest one that reaches its history record. What was found
 * before any notification of it stays without one.
 */
export function announcedBy(events: NewEvent[], awaited: readonly AwaitedNotification[]): NewEvent[] {
  const inOrder = awaited.toSorted((a, b) => (a.historyId < b.historyId ? -1 : 1));
  return events.map((event) => {
    const { historyId } = event.data;
    if (typeof historyId !== 'string') return event;
    const notification = inOrder.find((one) => one.historyId >= BigInt(historyId))?.trace;
    return notification ? { ...event, notification } : event;
  });
}
