/**
 * How long messages are kept for the run that goes on with them, from the time on when it may ask Google, how far away that time
 * may be, and how many characters are kept of all mailboxes together.
 */
const MAX_AGE_MS = 120_000;
const MAX_WAIT_MS = 3_600_000;
const MAX_CHARACTERS = 16 * 1024 * 1024;

interface Kept<M> {
  message: M;
  size: number;
  until: number;
}

/**
 * Messages that were read and are of no use yet, since something of them, or one before them, could not be read: whoever
 * needs them next asks Gmail for the rest only.
 */
export class MessageCache<M> {
  /** By mailbox and message, the oldest first. */
  private readonly kept = new Map<string, Kept<M>>();
  private size = 0;

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** @param waitMs how long Google wants to be left alone before the next run can go on */
  keep(mailboxId: string, messages: ReadonlyMap<string, M | undefined>, waitMs = 0): void {
    const until = this.now() + Math.min(Math.max(0, waitMs), MAX_WAIT_MS) + MAX_AGE_MS;
    for (const [id, message] of messages) {
      if (!message) continue;
      const key = keyOf(mailboxId, id);
      this.remove(key);
      const size = JSON.stringify(message).length;
      this.kept.set(key, { message, size, until });
      this.size += size;
    }
    for (const [key, kept] of this.kept) {
      if (this.size <= MAX_CHARACTERS && kept.until > this.now()) break;
      this.remove(key);
    }
  }

  /** Takes those of the messages out that are there. */
  take(mailboxId: string, ids: string[]): Map<string, M> {
    const found = new Map<string, M>();
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
