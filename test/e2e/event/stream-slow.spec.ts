import { eventually } from '../../support/eventually';
import { startReplicaTest } from '../../support/replica-test';
import { API_KEY, insertMailbox } from '../../support/test-replica';
import { StreamClient } from '../../support/event/stream-client';
import { EventLogService } from '../../../src/event/log/event-log.service';

/** More than sockets and the memory of the log's end hold together. */
const EVENTS = 1_500;
const SIZE = 16 * 1024;

describe('a slow reader of the stream', () => {
  const test = startReplicaTest();
  let { database, replica } = test;
  beforeAll(() => void ({ database, replica } = test));

  it('holds nobody up, and gets everything in its order when it reads on', async () => {
    const mailbox = await insertMailbox(database.dataSource);
    const [slow, quick] = await Promise.all(
      [1, 2].map(() => StreamClient.open(replica.address, { key: API_KEY })),
    );
    slow!.pause();
    const log = replica.application.get(EventLogService, { strict: false });
    const data = { text: 'x'.repeat(SIZE) };
    for (let n = 0; n < EVENTS; n += 50)
      await log.transaction(mailbox.id, ({ append }) =>
        append(Array.from({ length: 50 }, () => ({ type: 'message.deleted', data }))),
      );
    await eventually(() => quick!.events.length === EVENTS, { timeout: 40_000 });
    expect(slow!.events.length).toBeLessThan(EVENTS);
    slow!.resume();
    await eventually(() => slow!.events.length === EVENTS, { timeout: 40_000 });
    expect(slow!.ids).toEqual(quick!.ids);
    expect(quick!.events.map(({ sequence }) => sequence)).toEqual(
      Array.from({ length: EVENTS }, (_, n) => n + 1),
    );
    for (const client of [slow, quick]) client!.close();
  }, 90_000);
});
