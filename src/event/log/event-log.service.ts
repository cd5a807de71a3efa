import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ChannelListener } from '../../database/channel-listener.service';
import { notifyAtCommit } from '../../database/channel.store';
import type { SqlExecutor } from '../../database/sql';
import { Metrics } from '../../observability/metrics';
import type { EventListener, EventTaker, NewEvent, TakerOffer } from '../event.types';
import type { AppendedEvents } from './append-result';
import { EventAppendStore } from './event-append.store';
import { EventErasureStore } from './event-erasure.store';
import { EventTrimStore } from './event-trim.store';
import type { LogPosition } from './log-position';

/** The transaction in which the events of one mailbox are appended, together with whatever must stand or fall with them. */
export interface AppendTransaction {
  readonly manager: EntityManager;
  /**
   * Appends the events in their order, with the address that the mailbox has now: a rename may have been noticed since the
   * work began. A `message.added` of a message that the log has or had one of is left out.
   *
   * @returns those that were appended
   */
  readonly append: (events: NewEvent[]) => Promise<NewEvent[]>;
}

/**
 * The append side of the log.
 *
 * The order of the log is (transaction id, position), readable below the oldest running transaction: ids alone would be
 * read past while a smaller one is still uncommitted. For a mailbox's `sequence` to follow that order, its append lock
 * is taken before the transaction writes anything and so before it gets its id: hence appends happen in `transaction` only.
 */
@Injectable()
export class EventLogService {
  private readonly listeners: EventListener[] = [];
  private taker: EventTaker | undefined;
  private readBacklog: (mailboxId: string) => Promise<number> = () => Promise.resolve(0);

  constructor(
    private readonly store: EventAppendStore,
    private readonly trimmed: EventTrimStore,
    private readonly erased: EventErasureStore,
    private readonly channels: ChannelListener,
    private readonly metrics: Metrics,
  ) {}

  /** Registers somebody who wants to know of what leaves the log. Call before the application has started. */
  listen(listener: EventListener): void {
    this.listeners.push(listener);
  }

  /** Registers who delivers events. Call before the application has started. */
  handOverTo(taker: EventTaker): void {
    this.taker = taker;
  }

  /** Registers who knows how many events of a mailbox wait for their delivery. Call before the application has started. */
  askForBacklog(read: (mailboxId: string) => Promise<number>): void {
    this.readBacklog = read;
  }

  /** How many events of the mailbox wait for their delivery to endpoints that do well. */
  backlog(mailboxId: string): Promise<number> {
    return this.readBacklog(mailboxId);
  }

  /** Runs the work in one transaction that may append events of this mailbox, one such transaction at a time. */
  async transaction<T>(mailboxId: string, work: (transaction: AppendTransaction) => Promise<T>): Promise<T> {
    const appended: NewEvent[] = [];
    const result = await this.store.locked(mailboxId, (manager) =>
      work({
        manager,
        append: async (events) => {
          const fresh = await this.store.append(manager, mailboxId, events);
          appended.push(...fresh);
          return fresh;
        },
      }),
    );
    this.committed({ fresh: appended, isWaiting: true, taken: undefined });
    return result;
  }

  /**
   * Asks whether somebody would deliver the events of one append without reading them again. For who appends them without
   * `transaction`: the answer is to be handed to `append_events`, and then to be given back by `take`.
   */
  offer(): TakerOffer | undefined {
    return this.taker?.offer();
  }

  /** Wakes those who wait for events. To be called after the commit by who has appended these without `transaction`. */
  committed({ fresh, isWaiting }: AppendedEvents): void {
    if (fresh.length === 0) return;
    this.channels.notify('inboxwire_events');
    if (isWaiting) this.channels.notify('inboxwire_deliveries');
    this.count(fresh);
  }

  /**
   * Appends an event that belongs to no mailbox. It has no `sequence` to keep, so any transaction will do. Listeners are
   * not called: whoever appends it notifies those who want it.
   *
   * @returns its id
   */
  async appendWithoutMailbox(on: SqlExecutor, event: NewEvent): Promise<string> {
    const id = await this.store.insertWithoutMailbox(on, event);
    // Whose transaction it is and when it ends is not known here. Such events are rare.
    await notifyAtCommit(on, 'inboxwire_events');
    await notifyAtCommit(on, 'inboxwire_deliveries');
    this.metrics.events.inc({ type: event.type, origin: 'live' });
    return id;
  }

  /** How many of the messages were added by a repair since that time. */
  countBackfilled(on: SqlExecutor, mailboxId: string, messageIds: string[], since: Date): Promise<number> {
    return this.store.countBackfilled(on, mailboxId, messageIds, since);
  }

  /** The last `sequence` of the mailbox; 0 when it has none. */
  lastSequence(mailboxId: string): Promise<bigint> {
    return this.store.lastSequence(mailboxId);
  }

  /** Those of the messages that have an event behind this `sequence` which reports a change. */
  changedAfter(on: SqlExecutor, mailboxId: string, sequence: bigint, ids: string[]): Promise<Set<string>> {
    return this.store.changedAfter(on, mailboxId, sequence, ids);
  }

  /** All addresses and external ids by which the events of a mailbox know it. */
  names(mailboxId: string): Promise<{ emailAddresses: string[]; externalIds: string[] }> {
    return this.erased.names(mailboxId);
  }

  /** Whether the events of a mailbox say no more than their type and time. */
  isErased(on: SqlExecutor, mailboxId: string): Promise<boolean> {
    return this.erased.isErased(on, mailboxId);
  }

  /** Those of the messages that the log has never had a `message.added` of. */
  async withoutAdded(mailboxId: string, messageIds: string[]): Promise<string[]> {
    const known = await this.store.added(mailboxId, messageIds);
    return messageIds.filter((id) => !known.has(id));
  }

  /**
   * Takes the oldest events out of the log, in one short transaction. The log loses a beginning and never gets a hole.
   *
   * @param age milliseconds that an event stays
   * @param limit how many leave at most
   * @param after where the log is known to begin
   * @returns how many have left, and the position of the last of them
   */
  trim(age: number, limit: number, after: LogPosition): Promise<{ count: number; last: LogPosition }> {
    return this.trimmed.trim({ age, limit, after }, async (manager, left) => {
      for (const listener of this.listeners) await listener.left(manager, left);
    });
  }

  private count(appended: readonly NewEvent[]): void {
    const now = performance.now();
    for (const { type, origin = 'live', notification } of appended) {
      this.metrics.events.inc({ type, origin });
      if (type.startsWith('message.')) this.metrics.activity.add('changes');
      if (notification) this.metrics.pushToEvent.observe((now - notification.receivedAt) / 1_000);
    }
  }
}
