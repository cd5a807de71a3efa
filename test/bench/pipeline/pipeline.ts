import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inChunks } from '../../../src/common/in-chunks';
import type { LocalGoogle } from '../../../src/local-google/local-google';
import { connectMailbox } from '../../support/connection/connect-mailbox';
import { PUSH } from '../../support/program/local-setup';
import { residentMemory } from '../../support/program/resident-memory';
import type { ReceivedEvent } from '../../support/sync/change-ledger';
import { type BenchReplica, CONCURRENT_PUSHES } from '../bench-replica';
import { ask, startChild } from '../child';
import { accessTokenOf } from './access-token';
import type { BareLoopOrder } from './bare-loop.server';
import { cpuOf, cpuOfPostgres } from './cpu-time';
import { type Side, Traffic } from './side';
import { snapshotsBuilt } from './snapshots';

const MAILBOXES = 200;
const TOPIC = `${PUSH.topic}-bare`;
const CONNECTED_AT_ONCE = 8;

/** Both sides, ready for mail: each with mailboxes, a push subscription and a path of the one receiver. */
export class Pipeline {
  private constructor(
    readonly bare: Side,
    readonly inboxwire: Side,
    readonly stop: () => void,
  ) {}

  static async start(replica: BenchReplica, payload: string): Promise<Pipeline> {
    const { google } = replica;
    const bare = new Traffic(google, addAccounts(google, 'bare'));
    const inboxwire = new Traffic(google, addAccounts(google, 'inboxwire'));
    const receiver = await Receiver.start({ '/bare': bare, '/inboxwire': inboxwire });
    const child = startChild('pipeline/bare-loop.server');
    const push = await ask<string>(child, await orderOf(google, payload, `${receiver.origin}/bare`, bare));
    google.pushTo({ ...PUSH, topic: TOPIC, url: push, audience: push, concurrency: CONCURRENT_PUSHES });
    await ask(child, {});
    await replica.api.post('/v1/endpoints', { url: `${receiver.origin}/inboxwire` }, 201);
    for (const some of inChunks(inboxwire.addresses, CONNECTED_AT_ONCE))
      await Promise.all(
        some.map((address) => connectMailbox(google, replica.api, address, { labelIds: [] })),
      );
    await snapshotsBuilt(replica.databaseUrl);
    const { pids, postmaster } = replica;
    const sum = (values: number[]) => values.reduce((all, value) => all + value, 0);
    return new Pipeline(
      {
        name: 'bare loop',
        traffic: bare,
        cpu: () => ({ program: cpuOf(child.pid!), postgres: 0 }),
        memory: () => residentMemory(child.pid!),
      },
      {
        name: 'Inboxwire',
        traffic: inboxwire,
        cpu: () => ({ program: sum(pids.map(cpuOf)), postgres: cpuOfPostgres(postmaster) }),
        memory: async () => sum(await Promise.all(pids.map(residentMemory))),
      },
      () => {
        child.disconnect();
        receiver.stop();
      },
    );
  }
}

function addAccounts(google: LocalGoogle, name: string): string[] {
  const addresses = Array.from({ length: MAILBOXES }, (_, n) => `${name}-${n}@bench.example`);
  for (const address of addresses) google.addAccount(address);
  return addresses;
}

async function orderOf(
  google: LocalGoogle,
  payload: string,
  receiver: string,
  { addresses }: Traffic,
): Promise<BareLoopOrder> {
  google.topics.add(TOPIC);
  const mailboxes: BareLoopOrder['mailboxes'] = [];
  for (const emailAddress of addresses)
    mailboxes.push({ emailAddress, accessToken: await accessTokenOf(google, emailAddress) });
  return { google: google.origin, topic: TOPIC, receiver, payload, mailboxes };
}

/** It reads the event, answers 204, and does no more: what it costs is the same for both sides. */
class Receiver {
  private constructor(
    private readonly server: Server,
    readonly origin: string,
  ) {}

  static async start(traffics: Record<string, Traffic>): Promise<Receiver> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        response.writeHead(204).end();
        const event = JSON.parse(Buffer.concat(chunks).toString()) as ReceivedEvent;
        traffics[request.url!]!.receive(event);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new Receiver(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}
