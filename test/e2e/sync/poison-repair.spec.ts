import { jest } from '@jest/globals';
import { MessageEventService } from '../../../src/sync/history/message-event.service';
import type { Mailbox } from '../../support/api-types';
import { connectWithoutPushes } from '../../support/connection/connect-without-pushes';
import { eventually } from '../../support/eventually';
import { everyEventOf, messageEvents } from '../../support/event/mailbox-log';
import { hastenRetries } from '../../support/gmail/refusals';
import { createTestApp, type TestApp } from '../../support/test-app';

/** What a replica leaves behind that was killed while it repaired a gap. */
const DEAD = `claimed_by = 'dead', claimed_until = now() - interval '1 second', next_sync_at = now(), gap_found_at = now()`;

describe.each([
  ['from the snapshot', true],
  ['by date', false],
])('a message that ends the process in the repair of a gap %s', (_, hasSnapshot) => {
  let app: TestApp;
  let address: string;
  let mailbox: Mailbox;
  let ids: string[];
  let count = 0;
  beforeAll(async () => {
    app = await createTestApp();
    hastenRetries(app);
  });
  afterAll(() => app?.close());
  beforeEach(async () => {
    address = `box-${++count}@example.com`;
    mailbox = await connectWithoutPushes(app, address);
    if (!hasSnapshot) await query('DELETE FROM mailbox_snapshots WHERE mailbox_id = $1');
    const at = (n: number) => ({ internalDate: app.google.clock.now() + n });
    ids = [1, 2, 3].map((n) => app.google.deliver(address, at(n)).id);
    app.google.expireHistory(address);
  });

  const query = (sql: string, ...values: unknown[]) =>
    app.database.dataSource.query<unknown[]>(sql, [mailbox.id, ...values]);
  const cursor = async () =>
    (await query('SELECT suspect_message_id, suspected FROM mailbox_cursors WHERE mailbox_id = $1'))[0];
  const leave = (columns: string, ...values: unknown[]) =>
    query(`UPDATE mailbox_cursors SET ${columns}, ${DEAD} WHERE mailbox_id = $1`, ...values);
  const repaired = async () =>
    messageEvents(
      await eventually(() => everyEventOf(app, mailbox.id), {
        until: (all) => all.some(({ type }) => type === 'mailbox.gap'),
      }),
    ).map(({ data }) => [data.messageId, data.error]);

  it('is skipped after it has ended the process three times, and reported as unprocessable', async () => {
    await leave('attempts = 6, suspect_message_id = $2, suspected = 3', ids[0]);
    expect(await repaired()).toEqual([
      [ids[0], 'unprocessable'],
      [ids[1], undefined],
      [ids[2], undefined],
    ]);
    expect(await cursor()).toMatchObject({ suspect_message_id: null });
  });

  it('is skipped too when its processing fails, by a defect of ours', async () => {
    const service = app.service.application.get(MessageEventService, { strict: false });
    const real = service.read.bind(service);
    const reads = jest.spyOn(service, 'read').mockImplementation((caller, some, detail) => {
      return some.includes(ids[1]!) ? Promise.reject(new TypeError('poison')) : real(caller, some, detail);
    });
    const nudges = setInterval(
      () => void query(`UPDATE mailbox_cursors SET next_sync_at = now() WHERE mailbox_id = $1`),
      50,
    );
    try {
      expect(await repaired()).toEqual([
        [ids[0], undefined],
        [ids[1], 'unprocessable'],
        [ids[2], undefined],
      ]);
    } finally {
      clearInterval(nudges);
      reads.mockRestore();
    }
  });

  it('is recorded before it is processed, and is not suspected once it was read', async () => {
    const hanging = app.google.failNext({
      path: new RegExp(`/messages/${ids[1]}`),
      account: address,
      hang: true,
    });
    await leave('attempts = 3');
    await eventually(() => hanging.hits > 0);
    expect(await cursor()).toEqual({ suspect_message_id: ids[1], suspected: 1 });
    hanging.release();
    expect(await repaired()).toEqual(ids.map((id) => [id, undefined]));
    expect(await cursor()).toMatchObject({ suspect_message_id: null });
  });

  it('is not suspected when the process ended before any message was processed', async () => {
    await leave('attempts = 9');
    expect(await repaired()).toEqual(ids.map((id) => [id, undefined]));
  });

  it('is not suspected when others were processed last', async () => {
    await leave('attempts = 9, suspect_message_id = $2, suspected = 5', ids[2]);
    const [first, second] = await repaired();
    expect([first, second]).toEqual([
      [ids[0], undefined],
      [ids[1], undefined],
    ]);
  });
});
