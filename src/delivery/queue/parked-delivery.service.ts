import { Injectable } from '@nestjs/common';
import { NotFoundError } from '../../common/inboxwire.error';
import { DeliverySettings } from '../../config/settings';
import { EventReaderService } from '../../event/log/event-reader.service';
import { type InboxwireEvent, PROVENANCE } from '../../event/event.types';
import { AttemptReportService } from '../attempt/attempt-report.service';
import { AttemptService } from '../attempt/attempt.service';
import { type AttemptResult, decide, lostAttempt } from '../attempt/attempt-verdict';
import { EndpointHealthService } from './endpoint-health.service';
import type { StopSignals } from './delivery-loop';
import { restAfterFault } from './rest-after-fault';
import { type ClaimedDelivery, type DeliveryOutcome, ParkedDeliveryStore } from './parked-delivery.store';

/** Tries deliveries that no cursor sees to, each for itself: set aside, tried again by hand, or of no mailbox. */
@Injectable()
export class ParkedDeliveryService {
  constructor(
    private readonly events: EventReaderService,
    private readonly attempts: AttemptService,
    private readonly store: ParkedDeliveryStore,
    private readonly health: EndpointHealthService,
    private readonly reports: AttemptReportService,
    private readonly settings: DeliverySettings,
  ) {}

  /** @returns milliseconds until the next attempt; 0 when there is none to wait for */
  async deliver(delivery: ClaimedDelivery, { stopping, cutOff }: StopSignals): Promise<number> {
    const { lostAttempt: lost } = delivery;
    try {
      if (lost) return await this.conclude(delivery, lostAttempt(lost.at), undefined, lost.age);
      const event = await this.eventOf(delivery);
      if (!event) return await this.settle(delivery, { status: 'dead' });
      if (stopping.aborted) return await this.settle(delivery, {});
      return await this.conclude(delivery, await this.attempts.make(delivery.target, event, cutOff), event);
    } catch (error) {
      // A lost attempt that is still to be settled stays on record, and the claim runs out.
      if (!lost) await this.settle(delivery, { wait: restAfterFault(error) });
      throw error;
    }
  }

  private async conclude(
    delivery: ClaimedDelivery,
    result: AttemptResult,
    event?: InboxwireEvent,
    age = 0,
  ): Promise<number> {
    const { target, mailboxId, eventId, sequence } = delivery;
    await this.health.note(target, result.verdict);
    const failures = delivery.failures + 1;
    const decision = decide(result, failures, 'none', this.settings.retryDelays, age);
    const ids = { endpointId: target.endpointId, mailboxId, eventId, sequence };
    const { ordering } = target;
    const again = delivery.replayed || mailboxId === null;
    const report = { ids, ordering, number: failures, trail: event?.[PROVENANCE], again };
    this.reports.tell(report, result, decision);
    const { status, wait } = decision;
    return this.settle(delivery, { attempt: result.attempt, failures, status, wait });
  }

  private async settle(
    { target: { endpointId }, eventId, failures }: ClaimedDelivery,
    outcome: Partial<DeliveryOutcome>,
  ): Promise<number> {
    const nothing = { status: 'pending', attempt: undefined, failures, wait: 0 } as const;
    const settled = { endpointId, eventId, ...nothing, ...outcome };
    await this.store.settle(settled);
    return settled.wait;
  }

  /** Undefined when the log's retention has passed: there is nothing left to deliver. */
  private async eventOf({ eventId }: ClaimedDelivery): Promise<InboxwireEvent | undefined> {
    return this.events.get(eventId).catch((error: unknown) => {
      if (error instanceof NotFoundError) return undefined;
      throw error;
    });
  }
}
