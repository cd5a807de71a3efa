import { Injectable } from '@nestjs/common';
import { NotFoundError } from '../../common/inboxwire.error';
import { EventReaderService } from '../../event/log/event-reader.service';
import type { InboxwireEvent } from '../../event/event.types';
import { DeliveryAttemptService } from './delivery-attempt.service';
import type { StopSignals } from './delivery-loop';
import { Permit } from '../capacity/permit';
import { PermitStore } from '../capacity/permit.store';
import { restAfterFault } from './rest-after-fault';
import { type ClaimedDelivery, type DeliveryOutcome, ParkedDeliveryStore } from './parked-delivery.store';

/** Tries deliveries that no cursor waits for, each for itself: parked, retried by hand, or of no mailbox. */
@Injectable()
export class ParkedDeliveryService {
  constructor(
    private readonly events: EventReaderService,
    private readonly attempts: DeliveryAttemptService,
    private readonly store: ParkedDeliveryStore,
    private readonly permits: PermitStore,
  ) {}

  /** @returns milliseconds until the next attempt; `Infinity` when there is none to wait for */
  async deliver(delivery: ClaimedDelivery, { stopping, cutOff }: StopSignals): Promise<number> {
    const { lost, target } = delivery;
    const permit = new Permit(target);
    try {
      const event = lost ? undefined : await this.eventOf(delivery);
      if (!lost && !event) return await this.settle(delivery, { status: 'dead' });
      if (!lost && (stopping.aborted || !permit.use())) return await this.settle(delivery, {});
      const isRepetition = delivery.replayed || delivery.mailboxId === null;
      const due = { ...delivery, event, parked: true, isRepetition };
      return await this.settle(delivery, await this.attempts.settle(due, cutOff));
    } catch (error) {
      // A lost attempt that is still to be settled stays on record, and the claim runs out.
      if (!lost) await this.settle(delivery, { wait: restAfterFault(error) });
      throw error;
    } finally {
      if (permit.isLeft) await this.permits.giveBack(target.endpointId);
    }
  }

  private async settle(
    { target: { endpointId }, eventId, failures }: ClaimedDelivery,
    { status = 'pending', attempt, wait = 0, failures: failed = failures }: Partial<DeliveryOutcome>,
  ): Promise<number> {
    await this.store.settle({ endpointId, eventId, status, attempt, wait, failures: failed });
    return status === 'pending' ? wait : Infinity;
  }

  /** Undefined when the log's retention has passed: there is nothing left to deliver. */
  private async eventOf({ eventId }: ClaimedDelivery): Promise<InboxwireEvent | undefined> {
    return this.events.get(eventId).catch((error: unknown) => {
      if (error instanceof NotFoundError) return undefined;
      throw error;
    });
  }
}
