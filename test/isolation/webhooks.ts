import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { BenchReplica } from '../bench/bench-replica';
import { Receiver } from '../fakes/receiver/receiver';
import { connectMailbox } from '../support/connection/connect-mailbox';
import { NameServer } from '../support/delivery/name-server';
import { eventually } from '../support/eventually';
import { SYSTEM_FILES } from '../../src/delivery/egress/system-names';
import { join } from 'node:path';
import { describeMeasurement } from './measurement';

const SECONDS = 20;
const PER_SECOND = 20;
const HANGING = 5;
const SILENT_NAMES = 3;
const BUSY = 'busy@isolation.example';
const BUSY_CHANGES = 50_000;
const BUSY_MESSAGES = 500;

/**
 * What disturbs a run: made ready, begun when the run is about to be measured, and ended; the events of the run go to it
 * too, where it has endpoints.
 */
type Disturbance = (replica: BenchReplica) => Promise<{ begin?(): void; end(): Promise<string[]> }>;

/** Mail to webhook at the endpoint that is well, alone and beside five endpoints that answer nothing. */
export async function measureHanging(): Promise<string[]> {
  const hanging = await Receiver.start();
  hanging.answer = () => Promise.resolve('nothing');
  try {
    return await measure('webhooks beside 5 endpoints that hang', 200, async ({ api }) => {
      for (let n = 0; n < HANGING; n += 1)
        await api.post('/v1/endpoints', { url: `${hanging.origin}/${n}` }, 201);
      return { end: async () => [`  requests that hang: ${hanging.received.length}`] };
    });
  } finally {
    await hanging.stop();
  }
}

/** The same beside endpoints at names of which the name server says nothing, with an event in each of 60 mailboxes. */
export async function measureSilentNames(): Promise<string[]> {
  const names = await NameServer.start();
  const settings = {
    NODE_OPTIONS: `--require ${join(process.cwd(), 'dist/test/chaos/use-resolver-config.js')}`,
    RESOLVER_CONFIG: SYSTEM_FILES.resolverConfig,
  };
  try {
    return await measure(
      'webhooks beside 3 endpoints at silent names',
      60,
      async ({ api }) => {
        for (let n = 0; n < SILENT_NAMES; n += 1) {
          names.records[`${n}.silent.example`] = 'silence';
          await api.post('/v1/endpoints', { url: `http://${n}.silent.example/webhooks` }, 201);
        }
        return { end: async () => [`  questions without an answer: ${names.questions.length}`] };
      },
      settings,
    );
  } finally {
    await names.stop();
  }
}

/** The same beside a writing transaction that is left open in another database of the server. */
export function measureOpenTransaction(): Promise<string[]> {
  return measure('webhooks beside an open writing transaction elsewhere', 60, async (replica) => {
    const { databaseUrl, api } = replica;
    const admin = new Client({ connectionString: databaseUrl });
    await admin.connect();
    await admin.query('CREATE DATABASE elsewhere');
    const writer = new Client({ connectionString: databaseUrl.replace(/[^/]*$/, 'elsewhere') });
    await writer.connect();
    await writer.query('BEGIN; SELECT pg_current_xact_id()');
    const since = performance.now();
    const degraded = eventually(async () => (await api.get('/health/ready')).status === 'degraded', {
      timeout: 60_000,
    }).then(() => performance.now() - since);
    const end = async () => {
      const seconds = ((await degraded) / 1_000).toFixed(1);
      const [{ count }] = (await admin.query('SELECT count(*)::int FROM events')).rows;
      const hidden = count - (await api.events()).length;
      await writer.query('ROLLBACK');
      const ended = performance.now();
      await eventually(async () => (await api.events()).length >= count);
      const shown = (performance.now() - ended).toFixed(0);
      await writer.end();
      await admin.end();
      return [
        `  readiness degraded after ${seconds} s; ${hidden} events hidden, all shown ${shown} ms after its end`,
      ];
    };
    return { end };
  });
}

/** The same beside one mailbox in which 50,000 labels change, and an endpoint that answers nothing. */
export async function measureBusyMailbox(): Promise<string[]> {
  const hanging = await Receiver.start();
  hanging.answer = () => Promise.resolve('nothing');
  try {
    return await measure('webhooks beside a mailbox of 50,000 changes', 200, async (replica) => {
      const { google, api } = replica;
      google.addAccount(BUSY);
      google.fill(BUSY, BUSY_MESSAGES, () => []);
      const { id } = await connectMailbox(google, api, BUSY, { labelIds: [] });
      await api.post('/v1/endpoints', { url: `${hanging.origin}/hanging` }, 201);
      return {
        begin: () => changeLabels(replica),
        end: async () => [`  events of that mailbox by the end of the run: ${await eventsOf(replica, id)}`],
      };
    });
  } finally {
    await hanging.stop();
  }
}

async function eventsOf({ databaseUrl }: BenchReplica, mailboxId: string): Promise<number> {
  const database = new Client({ connectionString: databaseUrl });
  await database.connect();
  const { rows } = await database.query<{ count: number }>(
    'SELECT count(*)::int FROM events WHERE mailbox_id = $1',
    [mailboxId],
  );
  await database.end();
  return rows[0]!.count;
}

/** All of it before the first push of them, as after an outage. Gmail announces one change a second of a mailbox, and no more. */
function changeLabels({ google }: BenchReplica): void {
  google.switches.oneNotificationPerSecond = true;
  const { subscriptions } = google.topics;
  subscriptions.forEach((subscription) => subscription.pause());
  const ids = [...google.mailbox(BUSY).messages.keys()];
  for (let n = 0; n < BUSY_CHANGES; n += 1) {
    const isOdd = Math.floor(n / ids.length) % 2 === 1;
    const change = isOdd ? { removeLabelIds: ['STARRED'] } : { addLabelIds: ['STARRED'] };
    google.modify(BUSY, ids[n % ids.length]!, change);
  }
  subscriptions.forEach((subscription) => subscription.resume());
}

async function measure(
  name: string,
  mailboxes: number,
  disturb: Disturbance,
  settings: Record<string, string> = {},
): Promise<string[]> {
  const replica = await BenchReplica.start(settings);
  const well = await Receiver.start();
  try {
    const { google, api } = replica;
    const addresses = Array.from({ length: mailboxes }, (_, n) => `box-${n}@isolation.example`);
    for (const address of addresses) {
      google.addAccount(address);
      await connectMailbox(google, api, address, {});
    }
    await api.post('/v1/endpoints', { url: `${well.origin}/webhooks` }, 201);
    const run = () => latencies(replica, well, addresses);
    await run();
    const control = await run();
    const disturbance = await disturb(replica);
    // One round first: what hangs or is silent has then all that it can take.
    await run();
    disturbance.begin?.();
    const disturbed = await run();
    return [describeMeasurement({ name, control, disturbed }), ...(await disturbance.end())];
  } finally {
    await well.stop();
    await replica.stop();
  }
}

/** Milliseconds from the mail to its webhook, of 20 mails a second to one mailbox after the other. */
async function latencies({ google }: BenchReplica, well: Receiver, addresses: string[]): Promise<number[]> {
  const sent = new Map<string, number>();
  const times: number[] = [];
  well.answer = ({ event, at }) => {
    const { messageId = '' } = event.data;
    const since = sent.get(messageId);
    if (sent.delete(messageId)) times.push(at - since!);
    well.received.length = 0;
    return 204;
  };
  const start = performance.now();
  for (let n = 0; n < SECONDS * PER_SECOND; n += 1) {
    await delay(Math.max(0, start + (n * 1_000) / PER_SECOND - performance.now()));
    sent.set(google.deliver(addresses[n % addresses.length]!, { subject: 'x' }).id, Date.now());
  }
  await eventually(() => sent.size === 0, { timeout: 60_000 });
  return times;
}
