import { Injectable, Logger } from '@nestjs/common';
import { NotFoundError } from '../../common/inboxwire.error';
import { DeliverySettings } from '../../config/settings';
import { EventReaderService } from '../../event/event-reader.service';
import type { InboxwireEvent } from '../../event/event.types';
import { logAttempt } from '../attempt/attempt.log';
import { AttemptService } from '../attempt/attempt.service';
import { type AttemptResult, decide, type Decision, lostAttempt } from '../attempt/attempt-verdict';
import { type ClaimedDelivery, SetAsideStore } from './set-aside.store';
import type { StopSignals } from '../loop/stop-signals';

/** How long, in milliseconds, a delivery rests when something of ours stood in the way of an attempt. */
const REST_AFTER_FAULT = 30_000;

/** Tries deliveries again that were set aside, each for itself. */
@Injectable()
export class SetAsideDeliveryService {
  private readonly logger = new Logger(SetAsideDeliveryService.name);

  constructor(
    private readonly events: EventReaderService,
    private readonly attempts: AttemptService,
    private readonly store: SetAsideStore,
    private readonly settings: DeliverySettings,
  ) {}

  /** @returns milliseconds until the next attempt; 0 when there is none to wait for */
  async deliver(delivery: ClaimedDelivery, { stopping, cutOff }: StopSignals): Promise<number> {
    const { lostAttempt: lost } = delivery;
    if (lost) return this.settle(delivery, lostAttempt(lost.at), lost.age);
    const { id, attempts } = delivery;
    try {
      const event = await this.eventOf(delivery);
      if (!event) {
        await this.store.settle({ id, attempts, status: 'dead', wait: 0 });
        return 0;
      }
      if (stopping.aborted) {
        await this.store.settle({ id, attempts, status: 'pending', wait: 0 });
        return 0;
      }
      return await this.settle(delivery, await this.attempts.make(delivery.target, event, cutOff));
    } catch (error) {
      await this.store.settle({ id, attempts, status: 'pending', wait: REST_AFTER_FAULT });
      throw error;
    }
  }

  private async settle(delivery: ClaimedDelivery, result: AttemptResult, age = 0): Promise<number> {
    const attempts = [...delivery.attempts, result.attempt];
    const decision = decide(result, attempts.length, 'none', this.settings.retryDelays, age);
    this.log(delivery, attempts.length, result, decision);
    await this.store.settle({ id: delivery.id, attempts, status: decision.status, wait: decision.wait });
    return decision.wait;
  }

  /** Undefined when the log's retention has passed: there is nothing left to deliver. */
  private async eventOf({ eventId }: ClaimedDelivery): Promise<InboxwireEvent | undefined> {
    return this.events.get(eventId).catch((error: unknown) => {
      if (error instanceof NotFoundError) return undefined;
      throw error;
    });
  }

  private log(
    { target, mailboxId, eventId, sequence }: ClaimedDelivery,
    number: number,
    result: AttemptResult,
    decision: Decision,
  ): void {
    logAttempt(
      this.logger,
      { endpointId: target.endpointId, mailboxId, eventId, sequence },
      number,
      result,
      decision,
    );
  }
}
