import { Injectable } from '@nestjs/common';
import { EventReaderService } from '../../event/log/event-reader.service';
import type { MailboxEvents } from '../../event/log/mailbox-event.store';
import type { InboxwireEvent } from '../../event/event.types';
import type { LostAttempt } from '../attempt/attempt-verdict';
import { FilterCache } from '../filter/filter-cache';
import { DeliveryAttemptService } from './delivery-attempt.service';
import { type ClaimedCursor, DeliveryCursorStore, MAX_CLAIM_SIZE } from './delivery-cursor.store';
import type { StopSignals } from './delivery-loop';
import { MissedEventStore } from './missed-event.store';
import type { Shares } from '../capacity/shares';
import { Permit } from '../capacity/permit';
import { PermitStore } from '../capacity/permit.store';
import { restAfterFault } from './rest-after-fault';
import { type SettledCursor, type Settlement, SettlementStore } from './settlement.store';

const MAX_CLAIM_MS = 5_000;

/** Where the work on a claimed cursor stands. */
interface Progress {
  sequence: bigint;
  /** How many attempts of the event after that have failed. */
  failures: number;
  /** An attempt of it that is left to be settled, and was made by a process that died. */
  lost: LostAttempt | undefined;
  permit: Permit;
}

/** The next event of a claimed cursor. */
interface Step {
  event: InboxwireEvent;
  /** Where the cursor stands when the event is settled. */
  passed: bigint;
  /** Whether there is another event after it, and time for it. */
  goOn: () => boolean;
}

/** Delivers one mailbox's events to one endpoint, one after the other, from a claimed cursor. */
@Injectable()
export class CursorDeliveryService {
  private readonly filters = new FilterCache();
  private whenParked: (wait: number) => void = () => undefined;

  /** Six: beside what it reads and writes, the permits of limited endpoints. */
  constructor(
    private readonly cursors: DeliveryCursorStore,
    private readonly events: EventReaderService,
    private readonly attempts: DeliveryAttemptService,
    private readonly settlements: SettlementStore,
    private readonly missed: MissedEventStore,
    private readonly permits: PermitStore,
  ) {}

  /** @param whenParked learns of each delivery that is left to its retries, and of the milliseconds until the first one */
  onParked(whenParked: (wait: number) => void): void {
    this.whenParked = whenParked;
  }

  claim(shares: Shares): Promise<ClaimedCursor[]> {
    return this.cursors.claim(shares);
  }

  /** Keeps others from taking over what is under way here. */
  renew(cursors: readonly ClaimedCursor[]): Promise<void> {
    return this.cursors.renew(cursors);
  }

  /** @returns milliseconds until the cursor is due again; `Infinity` when nothing is left to deliver */
  async deliver(cursor: ClaimedCursor, signals: StopSignals): Promise<number> {
    const permit = new Permit(cursor.target);
    const progress: Progress = { sequence: cursor.sequence, failures: 0, lost: cursor.lost, permit };
    try {
      return await this.deliverInTurn(cursor, progress, signals);
    } catch (error) {
      // A lost attempt that is still to be settled stays on record, and the claim runs out.
      const attempts = progress.failures || cursor.attempts;
      if (!progress.lost) await this.settle(cursor, progress, { attempts, wait: restAfterFault(error) });
      throw error;
    } finally {
      if (permit.isLeft) await this.permits.giveBack(cursor.target.endpointId);
    }
  }

  private async deliverInTurn(
    cursor: ClaimedCursor,
    progress: Progress,
    signals: StopSignals,
  ): Promise<number> {
    const { endpointId, rateLimit } = cursor.target;
    // The permit of a claim is for one attempt.
    const until = rateLimit === null ? performance.now() + MAX_CLAIM_MS : 0;
    const { events, end } = await this.due(cursor);
    let event = events.next().value;
    if (event && cursor.attempts > 0)
      progress.failures = await this.settlements.failures(endpointId, event.id);
    while (event) {
      const following = events.next().value;
      const dueIn = await this.deliverOne(cursor, progress, signals, {
        event,
        passed: following ? BigInt(following.sequence!) - 1n : end,
        goOn: () => following !== undefined && !signals.stopping.aborted && performance.now() < until,
      });
      if (dueIn !== undefined) return dueIn;
      event = following;
    }
    // Nothing is left to deliver: the filters, or the log's retention, have left it out.
    return (await this.settle(cursor, progress, { sequence: end })).dueIn;
  }

  /**
   * The events that one claim delivers, and where the cursor stands after them. The filter is applied to each when it is asked for:
   * a claim may end before the others.
   */
  private async due(cursor: ClaimedCursor) {
    const { events, isAll } = cursor.page ?? (await this.read(cursor));
    const last = BigInt(events.at(-1)?.sequence ?? 0);
    return {
      events: events.values().filter((event) => this.filters.passes(cursor.target, event)),
      // When these are all: to the high watermark, whatever the subscription left out.
      end: isAll && cursor.highWatermark > last ? cursor.highWatermark : last,
    };
  }

  /** What left the log comes before what is left of it. */
  private async read({ target, mailboxId, sequence }: ClaimedCursor): Promise<MailboxEvents> {
    const [missed, page] = await Promise.all([
      this.missed.unreported(target.endpointId, mailboxId, sequence),
      this.events.ofMailbox(mailboxId, sequence, target.eventTypes, MAX_CLAIM_SIZE),
    ]);
    return missed ? { ...page, events: [missed, ...page.events] } : page;
  }

  /** @returns undefined when the claim goes on with the next event; otherwise as `deliver` does */
  private async deliverOne(
    cursor: ClaimedCursor,
    progress: Progress,
    signals: StopSignals,
    step: Step,
  ): Promise<number | undefined> {
    const { event, passed, goOn } = step;
    const { lost, failures } = progress;
    if (!lost && (signals.stopping.aborted || !progress.permit.use())) {
      return (await this.settle(cursor, progress, { attempts: failures })).dueIn;
    }
    const { id: eventId, type: eventType } = event;
    const sequence = event.sequence!;
    const isRepetition = sequence <= cursor.replayedSequence;
    const due = { ...cursor, eventId, sequence, failures, parked: false, isRepetition, event, lost };
    const settled = await this.attempts.settle(due, signals.cutOff);
    const { moveOn, wait } = settled;
    const retryNow = lost !== undefined && !moveOn && wait === 0 && !signals.stopping.aborted;
    const { goesOn, dueIn } = await this.settle(cursor, progress, {
      ...(moveOn ? { sequence: passed } : { attempts: settled.failures, wait }),
      goOn: retryNow || (moveOn && goOn()),
      delivery: { ...settled, eventType, sequence },
    });
    if (settled.parked) this.whenParked(wait);
    if (!goesOn) return dueIn;
    Object.assign(progress, { lost: undefined, failures: retryNow ? settled.failures : 0 });
    if (retryNow) return this.deliverOne(cursor, progress, signals, step);
    progress.sequence = passed;
    return undefined;
  }

  private settle(
    { target, mailboxId }: ClaimedCursor,
    { sequence: from }: Progress,
    outcome: Partial<Settlement>,
  ): Promise<SettledCursor> {
    const { endpointId, revision } = target;
    const nothing = { sequence: from, attempts: 0, wait: 0, goOn: false, delivery: undefined };
    return this.settlements.settle({ endpointId, mailboxId, revision, from, ...nothing, ...outcome });
  }
}
