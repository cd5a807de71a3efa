import { Injectable } from '@nestjs/common';
import { DeliverySettings } from '../../config/settings';
import { EventReaderService } from '../../event/log/event-reader.service';
import { type InboxwireEvent, PROVENANCE } from '../../event/event.types';
import { AttemptReportService } from '../attempt/attempt-report.service';
import { AttemptService } from '../attempt/attempt.service';
import { type AttemptResult, decide, type Decision, lostAttempt } from '../attempt/attempt-verdict';
import { EndpointHealthService } from './endpoint-health.service';
import { restAfterFault } from './rest-after-fault';
import type { ClaimedCursor, LostAttempt } from './delivery-cursor.store';
import { MissedEventStore } from './missed-event.store';
import { type DeliveryRecord, type Settlement, SettlementStore } from './settlement.store';
import type { StopSignals } from './delivery-loop';

/**
 * How many events one claim delivers at most, of how many bytes, and for how long (ms): others wait for their turn, and
 * many claims are in memory at once.
 */
const SIZE_OF_CLAIM = { events: 50, bytes: 2 * 1024 * 1024 };
const TIME_PER_CLAIM = 5_000;

/** Where the work on a claimed cursor stands. */
interface Progress {
  sequence: bigint;
  /** How many attempts of the event after that have failed. */
  failures: number;
  /** An attempt of it that is left to be settled, and was made by a process that died. */
  lost: LostAttempt | undefined;
}

/** Delivers one mailbox's events to one endpoint, one after the other, from a claimed cursor. */
@Injectable()
export class CursorDeliveryService {
  constructor(
    private readonly events: EventReaderService,
    private readonly attempts: AttemptService,
    private readonly settlements: SettlementStore,
    private readonly missed: MissedEventStore,
    private readonly health: EndpointHealthService,
    private readonly reports: AttemptReportService,
    private readonly settings: DeliverySettings,
  ) {}

  /** @returns milliseconds until the cursor's next attempt; 0 when it need not wait */
  async deliver(cursor: ClaimedCursor, signals: StopSignals): Promise<number> {
    const progress: Progress = { sequence: cursor.sequence, failures: 0, lost: cursor.lostAttempt };
    try {
      return await this.deliverInTurn(cursor, progress, signals);
    } catch (error) {
      // A lost attempt that is still to be settled stays on record, and the claim runs out.
      const attempts = progress.failures || cursor.attempts;
      if (!progress.lost) await this.settle(cursor, progress, { attempts, wait: restAfterFault(error) });
      throw error;
    }
  }

  private async deliverInTurn(
    cursor: ClaimedCursor,
    progress: Progress,
    signals: StopSignals,
  ): Promise<number> {
    const { target, mailboxId, sequence, highWatermark } = cursor;
    const until = performance.now() + TIME_PER_CLAIM;
    const [missed, page] = await Promise.all([
      this.missed.untold(target.endpointId, mailboxId, sequence),
      this.events.ofMailbox(mailboxId, sequence, target.eventTypes, SIZE_OF_CLAIM),
    ]);
    // What left the log comes before what is left of it.
    const events = missed ? [missed, ...page.events] : page.events;
    const last = BigInt(events.at(-1)?.sequence ?? 0);
    // When these are all that is wanted: to the last wanted one, whatever the filter left out.
    const end = page.isAll && highWatermark > last ? highWatermark : last;
    const [head] = events;
    if (head && cursor.attempts > 0)
      progress.failures = await this.settlements.failures(target.endpointId, head.id);
    for (const [index, event] of events.entries()) {
      const isLast = index === events.length - 1;
      const wait = await this.deliverOne(cursor, progress, signals, event, {
        passed: isLast ? end : BigInt(event.sequence!),
        goOn: () => !isLast && !signals.stopping.aborted && performance.now() < until,
      });
      if (wait !== undefined) return wait;
    }
    // Nothing is left of what was wanted: the filter, or the log's retention, has left it out.
    await this.settle(cursor, progress, { sequence: end });
    return 0;
  }

  /**
   * @param next.passed where the cursor stands when the event is settled
   * @param next.goOn whether there is another event to go on with, and time for it
   * @returns undefined when the claim goes on with the next event; otherwise milliseconds until the next attempt
   */
  private async deliverOne(
    cursor: ClaimedCursor,
    progress: Progress,
    signals: StopSignals,
    event: InboxwireEvent,
    next: { passed: bigint; goOn: () => boolean },
  ): Promise<number | undefined> {
    const { lost } = progress;
    if (!lost && signals.stopping.aborted) {
      await this.settle(cursor, progress, { attempts: progress.failures });
      return 0;
    }
    const result = lost
      ? lostAttempt(lost.at)
      : await this.attempts.make(cursor.target, event, signals.cutOff);
    await this.health.note(cursor.target, result.verdict);
    const attempts = progress.failures + 1;
    const { ordering } = cursor.target;
    const decision = decide(result, attempts, ordering, this.settings.retryDelays, lost?.age);
    this.report(cursor, event, attempts, result, decision);
    const { moveOn, wait } = decision;
    const tryAgainNow = lost !== undefined && !moveOn && wait === 0 && !signals.stopping.aborted;
    const goesOn = await this.settle(cursor, progress, {
      sequence: moveOn ? next.passed : progress.sequence,
      attempts: moveOn ? 0 : attempts,
      wait: moveOn ? 0 : wait,
      goOn: tryAgainNow || (moveOn && next.goOn()),
      delivery: recordOf(event, result, attempts, decision),
    });
    if (!goesOn) return wait;
    progress.lost = undefined;
    if (tryAgainNow) {
      progress.failures = attempts;
      return this.deliverOne(cursor, progress, signals, event, next);
    }
    progress.sequence = next.passed;
    progress.failures = 0;
    return undefined;
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

  private report(
    { target, mailboxId, replayedSequence }: ClaimedCursor,
    event: InboxwireEvent,
    number: number,
    result: AttemptResult,
    decision: Decision,
  ): void {
    const { id: eventId, sequence } = event;
    const ids = { endpointId: target.endpointId, mailboxId, eventId, sequence };
    const again = sequence! <= replayedSequence;
    const report = { ids, ordering: target.ordering, number, trail: event[PROVENANCE], again };
    this.reports.tell(report, result, decision);
  }
}

function recordOf(
  { id, type, sequence }: InboxwireEvent,
  { attempt }: AttemptResult,
  failures: number,
  { status, parked, wait }: Decision,
): DeliveryRecord {
  return { eventId: id, eventType: type, sequence: sequence!, status, attempt, failures, parked, wait };
}
