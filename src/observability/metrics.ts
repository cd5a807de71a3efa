import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { processMetrics } from './process-metrics';
import { ActivityCounter } from './activity';

/** Seconds. Retries make it hours. */
const LATENCY = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800, 7_200, 86_400];

/** Seconds, for what is over within a few. */
const DURATION = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/**
 * What this process counts, in a registry of its own: several may run in one process. What is read from the database is
 * in `src/metrics`. No label has values that grow with mailboxes, endpoints or requests; docs/operations.md says what each means.
 */
@Injectable()
export class Metrics {
  readonly registry = new Registry();

  /** What is written down for `GET /v1/stats`: the same counts by the minute. */
  readonly activity = new ActivityCounter();

  readonly pushes = this.counter('pushes_total', 'Pushes of Pub/Sub, by what became of them', {
    outcome: [
      'news',
      'known',
      'unknown_mailbox',
      'unreadable',
      'refused',
      'forbidden',
      'malformed',
      'unavailable',
    ],
  });

  readonly pushToEvent = this.histogram(
    'push_to_event_seconds',
    'From the arrival of a push to the commit of an event that it announced',
    LATENCY,
  );

  readonly pushToDelivery = this.histogram(
    'push_to_delivery_seconds',
    'From the arrival of a push to the successful attempt that handed over an event that it announced; replays left out',
    LATENCY,
  );

  readonly eventToDelivery = this.histogram(
    'event_to_delivery_seconds',
    'From the append of an event to the successful attempt that handed it over; replays left out',
    LATENCY,
  );

  readonly syncs = this.counter('syncs_total', 'Sync runs, by how they ended', {
    outcome: ['done', 'superseded', 'postponed', 'database_away', 'failed', 'returned'],
  });

  readonly syncDuration = this.histogram('sync_duration_seconds', 'How long sync runs took', DURATION);

  readonly events = this.counter('events_appended_total', 'Events appended to the log, by type and origin', [
    'type',
    'origin',
  ]);

  readonly gmailCalls = this.counter(
    'gmail_calls_total',
    'Calls to the Gmail API, by method and by how they ended: ok or the code of the error',
    ['method', 'outcome'],
  );

  readonly quotaUnits = this.counter('gmail_quota_units_total', 'Quota units of Gmail spent, by method', [
    'method',
  ]);

  readonly watchRequests = this.counter('watch_requests_total', 'Requests for watches that Google answered', {
    outcome: ['granted', 'refused'],
  });

  readonly attempts = this.counter(
    'delivery_attempts_total',
    'Attempts of deliveries: delivered, failed (to be tried again), dead (failed for the last time), gone (410)',
    { outcome: ['delivered', 'failed', 'dead', 'gone'], ordering: ['mailbox', 'none'] },
  );

  readonly attemptDuration = this.histogram(
    'delivery_attempt_duration_seconds',
    'How long receivers took to answer',
    DURATION,
  );

  readonly requests = new Histogram({
    name: 'inboxwire_http_request_duration_seconds',
    help: 'Requests answered, by pattern of the path, method and class of the status; without the event stream',
    labelNames: ['route', 'method', 'status'] as const,
    buckets: [0.005, 0.025, 0.1, 0.25, 1, 5],
    registers: [this.registry],
  });

  constructor() {
    for (const metric of processMetrics()) this.registry.registerMetric(metric);
  }

  /** @param read asked at each scrape */
  ownGauge(name: string, help: string, read: () => number): void {
    const gauge: Gauge = new Gauge({
      name: `inboxwire_${name}`,
      help,
      registers: [this.registry],
      collect: () => gauge.set(read()),
    });
  }

  /** @param labels their names; or with all their values, which are then there from the start, at 0 */
  private counter<L extends string>(name: string, help: string, labels: readonly L[] | Record<L, string[]>) {
    const labelNames = Array.isArray(labels) ? (labels as L[]) : (Object.keys(labels) as L[]);
    const counter = new Counter({ name: `inboxwire_${name}`, help, labelNames, registers: [this.registry] });
    if (!Array.isArray(labels))
      for (const values of combinations(labels as Record<L, string[]>)) counter.inc(values, 0);
    return counter;
  }

  private histogram(name: string, help: string, buckets: number[]) {
    return new Histogram({ name: `inboxwire_${name}`, help, buckets, registers: [this.registry] });
  }
}

function combinations<L extends string>(labels: Record<L, string[]>): Record<L, string>[] {
  return Object.entries<string[]>(labels).reduce(
    (sets, [name, values]) => sets.flatMap((set) => values.map((value) => ({ ...set, [name]: value }))),
    [{} as Record<L, string>],
  );
}
