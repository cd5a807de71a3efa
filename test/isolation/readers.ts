import { setTimeout as delay } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../../src/database/data-source-options';
import { BenchReplica } from '../bench/bench-replica';
import { connectMailbox } from '../support/connection/connect-mailbox';
import { fillLog } from '../support/event/fill-log';
import { startPolling } from '../support/http/start-polling';
import { insertMailbox } from '../support/test-replica';
import { notification, sendPush, wrapped } from '../support/webhook/push';
import { describeMeasurement } from './measurement';

const EVENTS = 2_000_000;
const CLIENTS = 25;
const PUSHES = 60;
const INTERVAL_MS = 250;
const ADDRESS = 'ada@isolation.example';
const PATHS = ['/v1/events?types=mailbox.gap', '/v1/deliveries?status=dead'];

/** Pushes and readiness, alone and while clients with a read key ask as fast as they can for what is not there. */
export async function measureReaders(): Promise<string[]> {
  const replica = await BenchReplica.start();
  try {
    replica.google.addAccount(ADDRESS);
    await connectMailbox(replica.google, replica.api, ADDRESS, {});
    await fill(replica);
    const { key } = await replica.api.post('/v1/api-keys', { name: 'poller', scopes: ['read'] }, 201);
    let pushed = 0;
    const pushes = async (): Promise<number[]> => {
      const times: number[] = [];
      for (let n = 0; n < PUSHES; n += 1) {
        times.push(await push(replica, ++pushed));
        await delay(INTERVAL_MS);
      }
      return times;
    };
    await pushes();
    const lines: string[] = [];
    for (const path of PATHS) {
      const control = await pushes();
      const stop = await startPolling({ url: replica.origin + path, key, clients: CLIENTS });
      const disturbed = await pushes();
      const answers = await stop();
      lines.push(describeMeasurement({ name: `pushes beside 25 × GET ${path}`, control, disturbed }));
      lines.push(`  answers to the readers: ${JSON.stringify(answers)}`);
    }
    return lines;
  } finally {
    await replica.stop();
  }
}

async function fill({ databaseUrl }: BenchReplica): Promise<void> {
  const dataSource = await new DataSource({ ...dataSourceOptions(databaseUrl), poolSize: 2 }).initialize();
  await fillLog(dataSource, await insertMailbox(dataSource), EVENTS);
  await dataSource.destroy();
}

/** @returns milliseconds of a push, which must be acknowledged by a replica that is ready */
async function push({ google, origin }: BenchReplica, historyId: number): Promise<number> {
  const body = wrapped(notification(ADDRESS, `"${historyId}"`));
  const since = performance.now();
  const { status } = await sendPush({ google, service: { address: origin } }, { body });
  const took = performance.now() - since;
  const ready = await fetch(`${origin}/health/ready`);
  if (status !== 204 || ready.status !== 200)
    throw new Error(`A push was answered ${status}, and readiness ${ready.status}`);
  return took;
}
