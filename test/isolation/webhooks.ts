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

/** What disturbs a run, and what ends it; the events of the run go to it too, where it has endpoints. */
type Disturbance = (replica: BenchReplica) => Promise<() => Promise<string[]>>;

/** Mail to webhook at the endpoint that is well, alone and beside five endpoints that answer nothing. */
export async function measureHanging(): Promise<string[]> {
  const hanging = await Receiver.start();
  hanging.answer = () => Promise.resolve('nothing');
  try {
    return await measure('webhooks beside 5 endpoints that hang', 200, async ({ api }) => {
      for (let n = 0; n < HANGING; n += 1)
        await api.post('/v1/endpoints', { url: `${hanging.origin}/${n}` }, 201);
      return async () => [`  requests that hang: ${hanging.received.length}`];
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
        return async () => [`  questions without an answer: ${names.questions.length}`];
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
    return async () => {
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
  });
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
    const end = await disturb(replica);
    // One round first: what hangs or is silent has then all that it can take.
    await run();
    const disturbed = await run();
    return [describeMeasurement({ name, control, disturbed }), ...(await end())];
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
