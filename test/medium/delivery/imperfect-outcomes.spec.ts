import type { Socket } from 'node:net';
import { startReplicaTest } from '../../support/replica-test';
import { RawReceiver } from '../../support/delivery/raw-receiver';
import { eventually } from '../../support/eventually';
import { insertMailbox } from '../../support/test-replica';

const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n';

describe('a delivery to a receiver that', () => {
  const test = startReplicaTest();
  let receiver: RawReceiver | undefined;
  afterEach(async () => {
    await test.replica.deleteEndpoints();
    await receiver?.stop();
  });

  /** The outcome of so many events at an endpoint whose receiver answers like this. */
  const outcomes = async (events: number, answer: (socket: Socket, before: number) => void) => {
    receiver = await RawReceiver.start(answer);
    const { id } = await test.replica.endpoint(receiver.origin);
    await test.replica.append(await insertMailbox(test.database.dataSource), events);
    const { body } = await eventually(() => test.replica.api('GET', `/v1/deliveries?endpointId=${id}`), {
      until: ({ body: { data } }) =>
        data.length === events && data.every(({ attempts }) => attempts.length > 0),
    });
    return body.data.map(({ status, attempts }) => [status, attempts.map((attempt) => attempt.status)]);
  };

  it.each([
    ['sends 100 Continue unasked', `HTTP/1.1 100 Continue\r\n\r\n${OK}`, 'write'],
    ['cuts its body short', 'HTTP/1.1 200 OK\r\ncontent-length: 20\r\n\r\nok', 'end'],
    ['sends more than it said', 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok and more', 'write'],
    ['says two lengths', 'HTTP/1.1 202 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\nok', 'write'],
    [
      'breaks off in the middle of a chunk',
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n9\r\nok',
      'end',
    ],
  ] as const)('%s has succeeded at the first attempt', async (_what, bytes, how) => {
    const [, status] = [...bytes.matchAll(/^HTTP\/1.1 (\d+)/gm)].at(-1)!;
    expect(await outcomes(2, (socket) => socket[how](bytes))).toEqual(
      Array(2).fill(['delivered', [Number(status)]]),
    );
  });

  it('cuts the body of a refusal short has failed with its status', async () => {
    const bytes = 'HTTP/1.1 503 No\r\ncontent-length: 20\r\n\r\nno';
    expect(await outcomes(1, (socket) => socket.end(bytes))).toEqual([['pending', [503]]]);
  });

  it('closes a kept connection before its answer goes on at once, within the same attempt', async () => {
    const answer = (socket: Socket, before: number) => (before === 0 ? socket.write(OK) : socket.destroy());
    const began = performance.now();
    expect(await outcomes(2, answer)).toEqual(Array(2).fill(['delivered', [200]]));
    // The wait before a second attempt would be 5 s.
    expect(performance.now() - began).toBeLessThan(4_000);
    expect(receiver!.received).toHaveLength(3);
    expect(new Set(receiver!.received).size).toBe(2);
  });
});
