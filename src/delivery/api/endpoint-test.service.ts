import { Injectable } from '@nestjs/common';
import { DatabaseClock } from '../../database/database-clock.service';
import { newId } from '../../common/id';
import { NotFoundError } from '../../common/inboxwire.error';
import type { InboxwireEvent } from '../../event/event.types';
import { AttemptService } from '../attempt/attempt.service';
import { DeliveryTargetStore } from '../endpoint/delivery-target.store';
import type { Attempt } from '../attempt/delivery.types';

/** What the receiver made of a test. */
export type TestResult = Pick<Attempt, 'status' | 'latencyMs' | 'error'>;

/** Sends an event to an endpoint that is in no log: to see whether the receiver is there, and verifies. */
@Injectable()
export class EndpointTestService {
  constructor(
    private readonly targets: DeliveryTargetStore,
    private readonly attempts: AttemptService,
    private readonly clock: DatabaseClock,
  ) {}

  /** One signed attempt now, also of a disabled endpoint, and without consequences. @throws NotFoundError */
  async test(id: string): Promise<TestResult> {
    const target = await this.targets.get(id);
    if (!target) throw new NotFoundError('endpoint', id);
    const event = testEvent(await this.clock.now());
    const { attempt } = await this.attempts.make(target, event, new AbortController().signal);
    const { status, latencyMs, error } = attempt;
    return { status, latencyMs, error };
  }
}

function testEvent(now: Date): InboxwireEvent {
  return {
    id: newId('evt'),
    type: 'endpoint.test',
    sequence: null,
    occurredAt: now.toISOString(),
    origin: 'live',
    mailbox: null,
    data: {},
  };
}
