import { Injectable, Logger } from '@nestjs/common';
import { DeliverySettings } from '../config/settings';
import { EventReaderService } from '../event/event-reader.service';
import type { InboxwireEvent } from '../event/event.types';
import { logAttempt } from './attempt.log';
import { AttemptService } from './attempt.service';
import { type AttemptResult, decide, lostAttempt } from './attempt-verdict';
import type { ClaimedCursor } from './delivery-cursor.store';
import type { Attempt } from './delivery.types';
import { type Settlement, SettlementStore } from './settlement.store';
import type { StopSignals } from './stop-signals';

/** How many events one claim delivers at most, and for how long (ms): others wait for their turn. */
const EVENTS_PER_CLAIM = 50;
const TIME_PER_CLAIM = 5_000;

/** How long, in milliseconds, a cursor rests when something of ours stood in the way of an attempt. */
const REST_AFTER_FAULT = 30_000;

/** Where the work on a claimed cursor stands. */
interface Progress {
  sequence: bigint;
  /** The failed attempts of the event after that. */
  failed: Attempt[];
}

/** Delivers one mailbox's events to one endpoint, one after the other, from a claimed cursor. */
@Injectable()
export class CursorDeliveryService {
  private readonly logger = new Logger(CursorDeliveryService.name);

  constructor(
    private readonly events: EventReaderService,
    private readonly attempts: AttemptService,
    private readonly settlements: SettlementStore,
    private readonly settings: DeliverySettings,
  ) {}

  /** @returns milliseconds until the cursor's next attempt; 0 when it need not wait */
  async deliver(cursor: ClaimedCursor, signals: StopSignals): Promise<number> {
    const progress: Progress = { sequence: cursor.sequence, failed: [] };
    try {
      return await this.deliverInTurn(cursor, progress, signals);
    } catch (error) {
      const attempts = progress.failed.length || cursor.attempts;
      await this.settle(cursor, progress, { attempts, wait: REST_AFTER_FAULT });
      throw error;
    }
  }

  private async deliverInTurn(
    cursor: ClaimedCursor,
    progress: Progress,
    signals: StopSignals,
  ): Promise<number> {
    const { target, mailboxId } = cursor;
    const until = performance.now() + TIME_PER_CLAIM;
    const events = await this.events.ofMailbox(
      mailboxId,
      cursor.sequence,
      target.eventTypes,
      EVENTS_PER_CLAIM,
    );
    const end = endOf(events, cursor.wantedSequence);
    const [head] = events;
    if (!head) {
      await this.settle(cursor, progress, { sequence: end });
      return 0;
    }
    if (cursor.attempts > 0)
      progress.failed = await this.settlements.failedAttempts(target.endpointId, head.id);

    let lost = cursor.lostAttempt;
    for (let index = 0; ;) {
      const event = events[index]!;
      if (signals.stopping.aborted && !lost) {
        await this.settle(cursor, progress, { attempts: progress.failed.length });
        return 0;
      }
      const result = lost ? lostAttempt(lost.at) : await this.attempts.make(target, event, signals.cutOff);
      const attempts = [...progress.failed, result.attempt];
      const decision = decide(result, attempts.length, target.ordering, this.settings.retryDelays, lost?.age);
      this.log(cursor, event, attempts.length, result, decision);
      const { moveOn, status, setAside, wait } = decision;
      const isLast = index === events.length - 1;
      const more = moveOn ? !isLast : lost !== undefined && wait === 0;
      const sequence = !moveOn ? progress.sequence : isLast ? end : BigInt(event.sequence!);
      const goesOn = await this.settle(cursor, progress, {
        sequence,
        attempts: moveOn ? 0 : attempts.length,
        wait: moveOn ? 0 : wait,
        goOn: more && !signals.stopping.aborted && performance.now() < until,
        delivery: {
          eventId: event.id,
          eventType: event.type,
          sequence: event.sequence!,
          status,
          attempts,
          setAside,
          wait,
        },
      });
      if (!goesOn) return wait;
      lost = undefined;
      progress.sequence = sequence;
      progress.failed = moveOn ? [] : attempts;
      if (moveOn) index++;
    }
  }

  private settle(
    { target, mailboxId }: ClaimedCursor,
    { sequence: from }: Progress,
    outcome: Partial<Settlement>,
  ): Promise<boolean> {
    const { endpointId, revision } = target;
    const nothing = { sequence: from, attempts: 0, wait: 0, goOn: false, delivery: undefined };
    return this.settlements.settle({ endpointId, mailboxId, revision, from, ...nothing, ...outcome });
  }

  private log(
    { target, mailboxId }: ClaimedCursor,
    event: InboxwireEvent,
    number: number,
    result: AttemptResult,
    decision: ReturnType<typeof decide>,
  ): void {
    const ids = { endpointId: target.endpointId, mailboxId, eventId: event.id, sequence: event.sequence! };
    logAttempt(this.logger, ids, number, result, decision);
  }
}

/** How far the events reach: when they were all that is wanted, to the last wanted one, whatever the filter left out. */
function endOf(events: readonly InboxwireEvent[], wanted: bigint): bigint {
  const last = BigInt(events.at(-1)?.sequence ?? 0);
  return events.length < EVENTS_PER_CLAIM && wanted > last ? wanted : last;
}
