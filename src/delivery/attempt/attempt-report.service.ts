import { Injectable, Logger } from '@nestjs/common';
import { Metrics } from '../../observability/metrics';
import type { EventProvenance } from '../../event/event.types';
import type { Ordering } from '../endpoint/endpoint.types';
import type { AttemptResult, Decision } from './attempt-verdict';

/** Which delivery an attempt belongs to, by ids alone: never content, never a secret. */
export interface AttemptIds {
  endpointId: string;
  mailboxId: string | null;
  eventId: string;
  sequence: number | null;
}

export interface AttemptReport {
  ids: AttemptIds;
  ordering: Ordering;
  /** How many attempts there have been, this one included. */
  number: number;
  /** Where the event comes from; undefined when it was not read. */
  provenance: EventProvenance | undefined;
  /** It was delivered before, or belongs to no mailbox: its latency says nothing. */
  isRepetition: boolean;
}

/** Reports each attempt, in one line of the log and in the metrics. */
@Injectable()
export class AttemptReportService {
  private readonly logger = new Logger('Attempt');

  constructor(private readonly metrics: Metrics) {}

  /** Failures are the receiver's and heal by themselves; a dead delivery does not. */
  report(report: AttemptReport, { attempt, verdict }: AttemptResult, { status, wait }: Decision): void {
    const { ids, ordering, number, provenance, isRepetition } = report;
    const notificationId = provenance?.notification?.messageId;
    const { latencyMs, error } = attempt;
    const fields = { ...ids, attempt: number, status: attempt.status, latencyMs, notificationId };
    if (verdict === 'delivered') this.logger.debug(fields, 'delivered');
    else if (verdict === 'gone') this.logger.warn(fields, 'the receiver is gone: endpoint disabled');
    else if (status === 'dead') this.logger.warn({ ...fields, error }, 'delivery is dead');
    else this.logger.log({ ...fields, error, nextAttemptInMs: wait }, 'attempt failed');

    this.metrics.attempts.inc({ ordering, outcome: status === 'dead' ? 'dead' : verdict });
    this.metrics.activity.add(verdict === 'delivered' ? 'deliveries' : 'failures');
    if (latencyMs !== null) this.metrics.attemptDuration.observe(latencyMs / 1_000);
    if (verdict === 'delivered' && provenance && !isRepetition) this.measure(provenance);
  }

  private measure({ appendedAt, notification }: EventProvenance): void {
    const now = performance.now();
    this.metrics.eventToDelivery.observe((now - appendedAt) / 1_000);
    this.metrics.activity.addLatency(now - appendedAt);
    if (notification) this.metrics.pushToDelivery.observe((now - notification.receivedAt) / 1_000);
  }
}
