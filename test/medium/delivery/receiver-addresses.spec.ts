import type { LookupAddress } from 'node:dns';
import { createServer, type Server } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { NameResolver } from '../../../src/delivery/egress/name-resolver';
import { ReceiverClient } from '../../../src/delivery/egress/receiver.client';
import { BusyReceiver } from '../../support/delivery/busy-receiver';

const v4 = (address: string): LookupAddress => ({ address, family: 4 });

describe('a receiver with several addresses', () => {
  let busy: BusyReceiver;
  let other: Server;
  let client: ReceiverClient;
  let addresses: LookupAddress[];
  beforeEach(async () => {
    busy = await BusyReceiver.start();
    other = createServer((request, response) =>
      request.resume().on('end', () => response.writeHead(202).end()),
    );
    const names = new NameResolver();
    names.resolve = () => Promise.resolve(addresses);
    client = new ReceiverClient({ retryDelays: [], allowPrivateEndpoints: true }, names);
  });
  afterEach(async () => {
    client.onApplicationShutdown();
    await busy.stop();
    other.closeAllConnections();
    other.close();
  });

  const post = (timeout?: number) =>
    client.post(`http://receiver.example:${busy.port}`, {}, '{}', new AbortController().signal, timeout);
  const listenAt = (host: string) => new Promise<void>((resolve) => other.listen(busy.port, host, resolve));

  it('is waited for when it takes a second to connect, and its other addresses are no good', async () => {
    addresses = [v4('127.0.0.1'), v4('127.0.0.2'), { address: '100::1', family: 6 }];
    const response = post();
    // By then it has been asked, without an answer.
    for (let turn = 0; turn < 10; turn++) await nextTurn();
    busy.letGo();
    expect(await response).toMatchObject({ status: 200 });
  });

  it('is reached at the one that answers', async () => {
    await listenAt('127.0.0.3');
    addresses = [v4('127.0.0.1'), v4('127.0.0.2'), v4('127.0.0.1'), v4('127.0.0.3')];
    expect(await post()).toMatchObject({ status: 202 });
  });

  it('fails with what its first address says when none is any good', async () => {
    addresses = [v4('127.0.0.2'), v4('127.0.0.4')];
    await expect(post()).rejects.toMatchObject({
      errors: [{ address: '127.0.0.2' }, { address: '127.0.0.4' }],
    });
  });

  it('is given up in time when none of them answers', async () => {
    addresses = [v4('127.0.0.1'), v4('127.0.0.1')];
    await expect(post(600)).rejects.toThrow('no complete answer within 0.6 s');
  });
});
