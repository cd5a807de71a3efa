import type { Socket } from 'node:net';
import { NameResolver } from '../../../src/delivery/egress/name-resolver';
import { ReceiverClient } from '../../../src/delivery/egress/receiver.client';
import { createTestDatabase, type TestDatabase } from '../../support/database/database';
import { RawReceiver } from '../../support/delivery/raw-receiver';
import { eventually } from '../../support/eventually';
import { insertMailbox, TestReplica } from '../../support/test-replica';

const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n';

describe('a receiver that', () => {
  let client: ReceiverClient;
  let receiver: RawReceiver | undefined;
  beforeAll(() => {
    client = new ReceiverClient({ retryDelays: [], allowPrivateEndpoints: true }, new NameResolver());
  });
  afterAll(() => client.onApplicationShutdown());
  afterEach(() => receiver?.stop());

  const answering = async (answer: (socket: Socket, before: number) => void) =>
    (receiver = await RawReceiver.start(answer));
  const post = () => client.post(receiver!.origin, {}, '{}', new AbortController().signal);

  it.each([
    ['sends 100 Continue unasked', `HTTP/1.1 100 Continue\r\n\r\n${OK}`, 200],
    [
      'sends several interim responses',
      `HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n${OK}`,
      200,
    ],
    ['sends a body with 204', 'HTTP/1.1 204 No Content\r\ncontent-length: 2\r\n\r\nok', 204],
    [
      'sends a body with 204 in chunks',
      'HTTP/1.1 204 No Content\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n',
      204,
    ],
    [
      'sends 20 KB in one header',
      `HTTP/1.1 200 OK\r\nx-debug: ${'x'.repeat(20_000)}\r\ncontent-length: 0\r\n\r\n`,
      200,
    ],
    [
      'sends 100 KB of headers',
      `HTTP/1.1 200 OK\r\n${`x-debug: ${'x'.repeat(1_000)}\r\n`.repeat(100)}content-length: 0\r\n\r\n`,
      200,
    ],
    [
      'contradicts itself about the length',
      'HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n',
      200,
    ],
    ['says its length twice', 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 2\r\n\r\nok', 200],
    [
      'says two lengths, after an interim response',
      'HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\nHTTP/1.1 201\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\nok',
      201,
    ],
    ['says its lengths in one header', 'HTTP/1.1 200 OK\r\ncontent-length: 2, 2\r\n\r\nok', 200],
    ['says a length that is no number', 'HTTP/1.1 200 OK\r\ncontent-length: abc\r\n\r\nok', 200],
    ['says a length below nothing', 'HTTP/1.1 500 Oh\r\ncontent-length: -1\r\n\r\nok', 500],
    [
      'says a length beyond all numbers',
      `HTTP/1.0 200 OK\r\ncontent-length: ${'9'.repeat(30)}\r\n\r\nok`,
      200,
    ],
    ['has a header without a colon', 'HTTP/1.1 200 OK\r\nnonsense\r\ncontent-length: 2\r\n\r\nok', 200],
    ['has a space before a colon', 'HTTP/1.1 200 OK\r\nx-foo : bar\r\ncontent-length: 2\r\n\r\nok', 200],
    ['has a header without a name', 'HTTP/1.1 200 OK\r\n: bar\r\ncontent-length: 2\r\n\r\nok', 200],
    ['has NUL in a header', 'HTTP/1.1 200 OK\r\nx-foo: a\0b\r\ncontent-length: 2\r\n\r\nok', 200],
    ['ends its lines with LF alone', 'HTTP/1.1 200 OK\ncontent-length: 2\ncontent-length: 2\n\nok', 200],
    ['sends more than it said', 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok and more', 200],
  ])('%s is classified by its status line', async (_what, bytes, status) => {
    await answering((socket) => socket.write(bytes));
    // Twice: what is left over on a connection is not taken for the next answer.
    expect(await post()).toMatchObject({ status });
    expect(await post()).toMatchObject({ status });
    expect(receiver!.received).toHaveLength(2);
  });

  it('sends its answer byte by byte, with a length that is none, is classified by its status line', async () => {
    const bytes = 'HTTP/1.1 429 Slow\r\nretry-after: 7 \r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\nok';
    await answering((socket) => {
      socket.setNoDelay(true);
      void (async () => {
        for (const byte of bytes) await new Promise((sent) => socket.write(byte, sent));
      })();
    });
    expect(await post()).toMatchObject({ status: 429, retryAfter: '7' });
  });

  it.each([
    ['sends a banner', 'SSH-2.0-OpenSSH_9.6\r\n'],
    ['sends another status after nonsense', 'nonsense\r\nHTTP/1.1 200 OK\r\n\r\n'],
    ['sends nothing but interim responses, and nonsense', 'HTTP/1.1 103 Early\r\n\r\nnonsense\r\n\r\n'],
  ])('%s has failed', async (_what, bytes) => {
    await answering((socket) => socket.write(bytes));
    await expect(post()).rejects.toMatchObject({ code: expect.stringMatching(/^HPE_/) });
  });

  it.each(['end', 'resetAndDestroy'] as const)('cuts its body short with %s has answered', async (how) => {
    await answering((socket) =>
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 20\r\n\r\nok', () => socket[how]()),
    );
    expect(await post()).toMatchObject({ status: 200 });
  });

  it('never finishes its body has answered, and loses its connection', async () => {
    const closed = Promise.withResolvers<void>();
    await answering((socket) => {
      socket.on('close', () => closed.resolve());
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 20\r\n\r\nok');
    });
    expect(await post()).toMatchObject({ status: 200, beginning: 'ok' });
    await closed.promise;
  });

  it.each([
    ['interim responses', 'HTTP/1.1 100 Continue\r\n\r\n'],
    ['empty lines', '\r\n'],
  ])('never ends its %s has failed, and loses its connection', async (_what, bytes) => {
    const closed = Promise.withResolvers<void>();
    await answering((socket) => {
      socket.on('close', () => closed.resolve());
      const write = () => {
        while (socket.writable && socket.write(bytes.repeat(1_000)));
      };
      socket.on('drain', write);
      write();
    });
    await expect(post()).rejects.toMatchObject({ code: 'answer_endless' });
    await closed.promise;
  });

  it('closes a kept connection without an answer is asked again on a fresh one', async () => {
    await answering((socket, before) => (before === 0 ? socket.write(OK) : socket.destroy()));
    await post();
    expect(await post()).toMatchObject({ status: 200 });
    expect(receiver!.received).toHaveLength(3);
  });

  it('says 408 on a kept connection that it closes for being idle is asked again on a fresh one', async () => {
    const idle = 'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';
    await answering((socket, before) => (before === 0 ? socket.write(OK) : socket.end(idle)));
    await post();
    expect(await post()).toMatchObject({ status: 200 });
    expect(receiver!.received).toHaveLength(3);
  });

  it('says 408 on a fresh connection has answered', async () => {
    await answering((socket) => socket.end('HTTP/1.1 408 No\r\nConnection: close\r\n\r\n'));
    expect(await post()).toMatchObject({ status: 408 });
    expect(receiver!.received).toHaveLength(1);
  });

  it('closes a fresh connection without an answer has failed', async () => {
    await answering((socket) => socket.destroy());
    await expect(post()).rejects.toThrow('socket hang up');
    expect(receiver!.received).toHaveLength(1);
  });

  it('has begun an answer on a kept connection is not asked again', async () => {
    await answering((socket, before) =>
      before === 0 ? socket.write(OK) : socket.write('HTTP/1.1 200', () => socket.destroy()),
    );
    await post();
    await expect(post()).rejects.toThrow();
    expect(receiver!.received).toHaveLength(2);
  });

  describe('closes each connection 1 ms after its answer', () => {
    let database: TestDatabase;
    let replica: TestReplica;
    beforeAll(async () => {
      database = await createTestDatabase();
      replica = await TestReplica.start(database.url);
    });
    afterAll(async () => {
      await replica.stop();
      await database.drop();
    });

    it('gets 200 events at their first attempt', async () => {
      await answering((socket) => socket.write(OK, () => setTimeout(() => socket.destroy(), 1)));
      await replica.endpoint(receiver!.origin);
      await replica.append(await insertMailbox(database.dataSource), 200);
      const deliveries = await eventually(
        () => database.dataSource.query(`SELECT attempts FROM deliveries WHERE status = 'delivered'`),
        { until: (rows: { attempts: object[] }[]) => rows.length === 200 },
      );
      expect(deliveries.filter(({ attempts }) => attempts.length > 1)).toEqual([]);
    });
  });
});
