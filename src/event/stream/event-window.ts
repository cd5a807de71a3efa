import type { EventFilter } from '../event.types';
import { isAfter, type LogPosition } from '../log/log-position';

/** An event as a stream sends it. The bytes are the same for all readers. */
export interface WindowEntry {
  readonly position: LogPosition;
  readonly mailboxId: string | null;
  readonly type: string;
  readonly frame: Buffer;
}

/** Whether a filter lets an event through. */
export function matches(
  { mailboxId, types }: EventFilter,
  event: Pick<WindowEntry, 'mailboxId' | 'type'>,
): boolean {
  return (mailboxId === undefined || mailboxId === event.mailboxId) && (types?.includes(event.type) ?? true);
}

/**
 * The latest part of the log in memory, without holes: everything after `start` up to `end`. The oldest entries leave
 * when there are too many; who has not read them by then reads them from the database.
 */
export class EventWindow {
  private readonly entries: WindowEntry[] = [];
  private bytes = 0;

  /** @param start where the log is to be known from */
  constructor(
    private start: LogPosition,
    private readonly limits: { events: number; bytes: number },
  ) {}

  get end(): LogPosition {
    return this.entries.at(-1)?.position ?? this.start;
  }

  /** Takes what comes directly after `end`, in order. */
  append(entries: readonly WindowEntry[]): void {
    for (const entry of entries) {
      this.entries.push(entry);
      this.bytes += entry.frame.length;
    }
    let leaving = 0;
    while (
      this.entries.length - leaving > this.limits.events ||
      (this.bytes > this.limits.bytes && leaving < this.entries.length - 1)
    )
      this.bytes -= this.entries[leaving++]!.frame.length;
    if (leaving > 0) this.start = this.entries.splice(0, leaving).at(-1)!.position;
  }

  /** Forgets the entries, which are to be read from the database from now on: some have changed there. */
  forget(): void {
    this.start = this.end;
    this.entries.length = 0;
    this.bytes = 0;
  }

  /** The entries after a position; undefined when some of them have left. A position beyond the end is followed by nothing yet. */
  after(position: LogPosition): WindowEntry[] | undefined {
    if (isAfter(this.start, position)) return undefined;
    let low = 0;
    for (let high = this.entries.length; low < high;) {
      const middle = (low + high) >> 1;
      if (isAfter(this.entries[middle]!.position, position)) high = middle;
      else low = middle + 1;
    }
    return this.entries.slice(low);
  }
}
