import { setTimeout as delay } from 'node:timers/promises';
import { Receiver } from '../../fakes/receiver/receiver';
import type { ApiClient } from '../../support/api-client';
import { connectMailbox } from '../../support/connection/connect-mailbox';
import { eventually } from '../../support/eventually';
import { median } from '../../support/percentile';
import { BenchReplica } from '../bench-replica';
import { cpuOfPostgres } from '../pipeline/cpu-time';
import { measureBytes, type RowSize } from './bytes';
import { fillFleet, type Sample } from './fleet';

const SETTLE_MS = 10_000;
const IDLE_SECONDS = 30;
const WARM_UPS = 3;
const REQUESTS = 15;
const MAX_MS = 20_000;
const ADDRESS = 'sample@bench.example';

/** What fills a snippet, of words that do not repeat: a text that compresses would take less room than mail does. */
const TEXT =
  'Dear Ada, please find attached our invoice 2026-1187 for the hosting of your three shops in November. The amount of ' +
  '238.00 EUR is due within 14 days. If you have any questions, simply reply to this mail. Kind regards, Grace';

/** What a fleet at rest costs, and how long the lists take that an operator asks for. */
export interface ScaleFigures {
  mailboxes: number;
  /** PostgreSQL's CPU time while nothing happens, in milliseconds for each second. */
  idle: number;
  /** The median of each request, in milliseconds. */
  requests: Record<string, number>;
  bytes: RowSize[];
}

export async function measureScale(mailboxes: number): Promise<ScaleFigures> {
  const replica = await BenchReplica.start();
  try {
    const sample = await makeSample(replica);
    await fillFleet(replica.databaseUrl, mailboxes, sample);
    const bytes = await measureBytes(replica.databaseUrl);
    const idle = await measureIdle(replica);
    return { mailboxes, idle, requests: await measureRequests(replica, sample), bytes };
  } finally {
    await replica.stop();
  }
}

/** A mailbox, and a mail to it that is delivered to an endpoint: what the service writes for one. */
async function makeSample({ google, api }: BenchReplica): Promise<Sample> {
  const receiver = await Receiver.start();
  try {
    const { id: endpointId } = await api.post('/v1/endpoints', { url: receiver.origin }, 201);
    google.addAccount(ADDRESS);
    const { id: mailboxId } = await connectMailbox(google, api, ADDRESS, { labelIds: [] });
    google.deliver(ADDRESS, {
      subject: 'The invoice for November',
      text: TEXT,
    });
    await eventually(() => receiver.received.some(({ event }) => event.type === 'message.added'));
    const pending = '/v1/deliveries?status=pending';
    await eventually(async () => (await api.get(pending)).data, { until: ({ length }) => length === 0 });
    return { mailboxId, endpointId };
  } finally {
    await receiver.stop();
  }
}

async function measureIdle({ postmaster }: BenchReplica): Promise<number> {
  await delay(SETTLE_MS);
  const before = cpuOfPostgres(postmaster);
  await delay(IDLE_SECONDS * 1_000);
  return (cpuOfPostgres(postmaster) - before) / IDLE_SECONDS;
}

async function measureRequests(
  { api }: BenchReplica,
  { endpointId }: Sample,
): Promise<Record<string, number>> {
  const requests: [string, () => Promise<unknown>][] = [
    ['GET /v1/events?types=mailbox.gap, until one is found', () => findGap(api)],
    ...[
      '/v1/deliveries',
      '/v1/deliveries?status=pending',
      `/v1/deliveries?status=pending&endpointId=${endpointId}`,
      `/v1/deliveries?status=dead`,
      '/v1/mailboxes?status=reauthorization_required',
      '/v1/mailboxes?status=disconnected',
      '/health/ready',
    ].map((path): [string, () => Promise<unknown>] => [
      `GET ${path.replace(endpointId, '')}`,
      () => api.get(path),
    ]),
  ];
  const medians: Record<string, number> = {};
  for (const [name, ask] of requests) medians[name] = await medianOf(ask);
  return medians;
}

/** Page by page until there is one: an empty page is no answer. */
async function findGap(api: ApiClient): Promise<void> {
  for (let after = ''; ;) {
    const { data, nextCursor } = await api.get(`/v1/events?types=mailbox.gap${after}`);
    if (data.length > 0) return;
    after = `&after=${nextCursor}`;
  }
}

/** Of fewer requests when each takes very long. */
async function medianOf(ask: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  const deadline = performance.now() + MAX_MS;
  for (let n = 0; n < WARM_UPS + REQUESTS && (n <= WARM_UPS || performance.now() < deadline); n += 1) {
    const began = performance.now();
    await ask();
    times.push(performance.now() - began);
  }
  return median(times.slice(WARM_UPS));
}
