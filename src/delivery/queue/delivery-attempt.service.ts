import { Injectable } from '@nestjs/common';
import { DeliverySettings } from '../../config/settings';
import { type InboxwireEvent, PROVENANCE } from '../../event/event.types';
import { AttemptReportService } from '../attempt/attempt-report.service';
import { AttemptService } from '../attempt/attempt.service';
import { type Decision, decide, type LostAttempt, resultOfLost } from '../attempt/attempt-verdict';
import type { Attempt, DeliveryKey } from '../attempt/delivery.types';
import type { DeliveryTarget } from '../endpoint/delivery-target';
import { EndpointPace } from '../capacity/endpoint-pace';
import { EndpointHealthService } from './endpoint-health.service';

/** A delivery whose next attempt is due. */
export interface DueDelivery {
  target: DeliveryTarget;
  mailboxId: string | null;
  eventId: string;
  sequence: number | null;
  /** How many attempts have failed so far. */
  failures: number;
  /** Its cursor does not wait for it. */
  parked: boolean;
  /** It was delivered before, or belongs to no mailbox: its latency says nothing. */
  isRepetition: boolean;
  /** What is sent. Undefined when it was not read, because of a lost attempt. */
  event: InboxwireEvent | undefined;
  /** The attempt of a process that died. It is settled before another one is made. */
  lost: LostAttempt | undefined;
}

/** What an attempt has come to, and what follows from it. */
export interface SettledAttempt extends Pick<DeliveryKey, 'eventId'>, Decision {
  attempt: Attempt;
  /** How many attempts have failed since the event became due, this one included. */
  failures: number;
}

/** One attempt of one delivery, whoever claimed it: it is made, noted in the endpoint's health, classified, reported. */
@Injectable()
export class DeliveryAttemptService {
  constructor(
    private readonly attempts: AttemptService,
    private readonly health: EndpointHealthService,
    private readonly reports: AttemptReportService,
    private readonly pace: EndpointPace,
    private readonly settings: DeliverySettings,
  ) {}

  /** @param cutOff ends the attempt */
  async settle(delivery: DueDelivery, cutOff: AbortSignal): Promise<SettledAttempt> {
    const { target, mailboxId, eventId, sequence, isRepetition, event, lost } = delivery;
    const result = lost
      ? resultOfLost(lost)
      : await this.pace.during(target.endpointId, () => this.attempts.make(target, event!, cutOff));
    await this.health.record(target, result.verdict);
    const failures = delivery.failures + 1;
    const ordering = delivery.parked ? 'none' : target.ordering;
    const decision = decide(result, failures, ordering, this.settings.retryDelays, lost?.age);
    const ids = { endpointId: target.endpointId, mailboxId, eventId, sequence };
    const provenance = event?.[PROVENANCE];
    const report = { ids, ordering: target.ordering, number: failures, provenance, isRepetition };
    this.reports.report(report, result, decision);
    return {
      eventId,
      attempt: event ? toRecord(result.attempt, event) : result.attempt,
      failures,
      ...decision,
    };
  }
}

/** Of a mailbox that is erased nothing is kept that a receiver may have answered. */
function toRecord(attempt: Attempt, { mailbox }: InboxwireEvent): Attempt {
  return mailbox?.emailAddress === null ? { ...attempt, response: null } : attempt;
}
