import type { GmailMessage } from '../../gmail/gmail.types';
import type { MessagePayload } from '../../gmail/message/message-payload';

/** What is kept of a message that was read: little, however large it is. */
export type ReadMessage = Omit<GmailMessage, 'payload'> & { content: MessagePayload | null };

/** Undefined for one that is gone. */
export type MessagesById = ReadonlyMap<string, ReadMessage | undefined>;

/** Those of the messages that Gmail does not give, or not with their texts. */
export function incomplete(ids: string[], messages: MessagesById): string[] {
  return ids.filter((id) => {
    const message = messages.get(id);
    return message === undefined || message.awaitsText === true;
  });
}

/** Gmail's time has milliseconds only: of two messages in one of them, the history id says which came first. */
export function byArrival(a: ReadMessage, b: ReadMessage): number {
  return (
    Number(a.internalDate) - Number(b.internalDate) ||
    Number(BigInt(a.historyId ?? 0) - BigInt(b.historyId ?? 0))
  );
}
