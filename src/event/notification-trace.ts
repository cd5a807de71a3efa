/** What a notification is followed by, from the push to the attempts that hand its events over. */
export interface NotificationTrace {
  /** Pub/Sub's. */
  messageId: string;
  /** When the push arrived, on the scale of this process's `performance.now()`, whichever replica received it. */
  receivedAt: number;
  /** The W3C `traceparent` of the push, when it is traced. */
  trace: string | undefined;
  /** As it is stored: milliseconds since the epoch by the database's clock, the message id, and the trace if any. */
  text: string;
}

/**
 * Reads a trace from the database.
 *
 * @param now what the database's clock says just now, in milliseconds since the epoch
 */
export function readTrace(text: string, now: number): NotificationTrace {
  const [at, messageId, trace] = text.split(' ');
  return { messageId: messageId ?? '-', receivedAt: performance.now() - (now - Number(at)), trace, text };
}

/** The part of a trace after its time. An id of an unexpected kind is left out: it stands between blanks. */
export function traceText(messageId: string | undefined, trace: string | undefined): string {
  const id = messageId !== undefined && /^[\w.:-]{1,64}$/.test(messageId) ? messageId : '-';
  return trace === undefined ? id : `${id} ${trace}`;
}

/** For SQL: the time of the database's clock as traces have it. */
export const DATABASE_NOW = 'extract(epoch FROM clock_timestamp())::float8 * 1000';
