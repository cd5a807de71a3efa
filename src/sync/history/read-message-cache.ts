import type { MessagesById, ReadMessage } from './read-message';

/** How long messages are kept for the run that goes on with them, and how many characters of all mailboxes together. */
const MAX_AGE_MS = 120_000;
const MAX_CHARACTERS = 16 * 1024 * 1024;

interface Kept {
  message: ReadMessage;
  size: number;
  until: number;
}

/**
 * Messages that were read by a run that could not commit them, since one before them could not be read: the next run asks
 * for the others only.
 */
export class ReadMessageCache {
  /** By mailbox and message, the oldest first. */
  private readonly kept = new Map<string, Kept>();
  private size = 0;

  constructor(private readonly now: () => number = () => performance.now()) {}

  keep(mailboxId: string, messages: MessagesById): void {
    for (const [id, message] of messages) {
      if (!message) continue;
      const key = keyOf(mailboxId, id);
      this.remove(key);
      const size = JSON.stringify(message).length;
      this.kept.set(key, { message, size, until: this.now() + MAX_AGE_MS });
      this.size += size;
    }
    for (const [key, { until }] of this.kept) {
      if (this.size <= MAX_CHARACTERS && until > this.now()) break;
      this.remove(key);
    }
  }

  /** Takes those of the messages out that are there. */
  take(mailboxId: string, ids: string[]): Map<string, ReadMessage> {
    const found = new Map<string, ReadMessage>();
    if (this.kept.size === 0) return found;
    for (const id of ids) {
      const key = keyOf(mailboxId, id);
      const kept = this.kept.get(key);
      if (kept && kept.until > this.now()) found.set(id, kept.message);
      this.remove(key);
    }
    return found;
  }

  private remove(key: string): void {
    const kept = this.kept.get(key);
    if (!kept) return;
    this.kept.delete(key);
    this.size -= kept.size;
  }
}

function keyOf(mailboxId: string, messageId: string): string {
  return `${mailboxId}/${messageId}`;
}
