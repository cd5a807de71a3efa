import type { HistoryLag } from './history-lag';
import { recordChanges, type RecordRequest } from './record-changes';
import type { HistoryRecord } from './history-record';
import { LabelBook } from './labels';
import type { StoredMessage } from './stored-message';
import type { Watch } from './watch';

export interface MailboxSettings {
  /** As the profile spells it; addresses are compared in lower case. */
  address: string;
  /** As notifications spell it; the profile's spelling by default. */
  pushAs?: string;
  subject: string;
  historyStart: bigint;
  /** How far the next history id lies ahead. */
  step: () => bigint;
  now: () => number;
}

/** One Gmail mailbox: messages, labels, history, and at most one watch for each project. */
export class Mailbox {
  readonly messages = new Map<string, StoredMessage>();
  readonly labels = new LabelBook();
  /** Thread of each Message-ID ever seen, so that replies join it. */
  readonly threads = new Map<string, string>();
  /** By the ids of the projects. */
  readonly watches = new Map<string, Watch>();
  mailServiceEnabled = true;
  lag: HistoryLag | null = null;
  historyId: bigint;
  /** The whole truth, also after Gmail has forgotten it. */
  readonly records: HistoryRecord[] = [];
  /** Reading from before this id is answered by 404. */
  private oldestReadable: bigint;

  constructor(private settings: MailboxSettings) {
    this.historyId = settings.historyStart;
    this.oldestReadable = settings.historyStart;
  }

  get address(): string {
    return this.settings.address;
  }

  /** What mailboxes are looked up and logged by. */
  get key(): string {
    return this.settings.address.toLowerCase();
  }

  /** An administrator gives the account another address. */
  rename(address: string): void {
    this.settings = { ...this.settings, address };
  }

  /** The first project's, which mostly is the only one's. */
  get watch(): Watch | null {
    return this.watches.values().next().value ?? null;
  }

  get notifiedAs(): string {
    return this.settings.pushAs ?? this.settings.address;
  }

  get subject(): string {
    return this.settings.subject;
  }

  /** Changes several things in one history record. */
  record(request: RecordRequest): HistoryRecord {
    const id = this.advance();
    const record = recordChanges(this.messages, id, this.settings.now(), request);
    this.records.push(record);
    return record;
  }

  /** Moves the history id on with nothing to show for it, as Gmail does for drafts and its own work. */
  advance(): bigint {
    this.historyId += this.settings.step();
    return this.historyId;
  }

  /** Every history id handed out so far is too old from now on. */
  expireHistory(): void {
    this.oldestReadable = this.advance();
  }

  /** Nothing has happened for so long that history does not reach even the newest id. */
  outlastHistory(): void {
    this.oldestReadable = this.historyId + 1n;
  }

  /** Gmail keeps records "typically at least a week". */
  isReadableFrom(start: bigint, retentionMs: number): boolean {
    const horizon = this.settings.now() - retentionMs;
    const firstKept = this.records.findIndex((record) => record.at >= horizon);
    const lastForgotten = this.records[(firstKept === -1 ? this.records.length : firstKept) - 1];
    return start >= this.oldestReadable && start >= (lastForgotten?.id ?? 0n);
  }
}
