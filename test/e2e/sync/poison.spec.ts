import { jest } from '@jest/globals';
import { MessageEventService } from '../../../src/sync/history/message-event.service';
import type { Mailbox } from '../../support/api-types';
import { connectWithoutPushes } from '../../support/connection/connect-without-pushes';
import { eventually } from '../../support/eventually';
import { everyEventOf, logOf, messageEvents } from '../../support/event/mailbox-log';
import { ofType } from '../../support/event/of-type';
import { hastenRetries } from '../../support/gmail/refusals';
import { reportedChanges, truthOf } from '../../support/sync/truth';
import { createTestApp, type TestApp } from '../../support/test-app';

describe('a history record that cannot be processed', () => {
  let app: TestApp;
  let address: string;
  let mailbox: Mailbox;
  let count = 0;
  let nudges: NodeJS.Timeout | undefined;
  beforeAll(async () => {
    app = await createTestApp();
    hastenRetries(app);
  });
  afterAll(() => app?.close());
  beforeEach(async () => {
    address = `box-${++count}@example.com`;
    mailbox = await connectWithoutPushes(app, address);
  });
  afterEach(() => {
    clearInterval(nudges);
    jest.restoreAllMocks();
  });

  const set = (columns: string) =>
    app.database.dataSource.query(`UPDATE mailbox_cursors SET ${columns} WHERE mailbox_id = $1`, [
      mailbox.id,
    ]);
  const attempts = async () => {
    const [row] = await app.database.dataSource.query<{ attempts: number }[]>(
      'SELECT attempts FROM mailbox_cursors WHERE mailbox_id = $1',
      [mailbox.id],
    );
    return row!.attempts;
  };
  const syncNow = () => app.api.post(`/v1/mailboxes/${mailbox.id}/sync`, undefined, 202);
  const deliver = (many: number) => Array.from({ length: many }, () => app.google.deliver(address).id);

  /** Counts how often events were to be made of the message, and lets it fail each time. */
  function poison(messageId: string) {
    const service = app.service.application.get(MessageEventService, { strict: false });
    const real = service.toEvents.bind(service);
    const tried: number[] = [];
    // As many attempts as it takes, without the waits between them.
    nudges = setInterval(() => void syncNow(), 50);
    jest.spyOn(service, 'toEvents').mockImplementation((changes, messages) => {
      if (!changes.some((change) => change.messageId === messageId)) return real(changes, messages);
      tried.push(changes.length);
      throw new TypeError('poison');
    });
    return tried;
  }

  async function expectPassedOver(poisonId: string): Promise<void> {
    const events = messageEvents(await logOf(app, mailbox));
    const reported = reportedChanges(events).map((change) => ({ ...change, error: undefined }));
    expect(reported).toEqual(truthOf(app, address));
    const flawed = events.filter(({ data }) => data.error !== undefined);
    expect(flawed).toMatchObject([
      { type: 'message.added', data: { messageId: poisonId, message: null, error: 'unprocessable' } },
    ]);
    expect(flawed[0]!.data).not.toHaveProperty('gone');
    expect(ofType(events, 'message.added').filter(({ data }) => data.message === null)).toHaveLength(1);
    const sequences = events.map(({ sequence }) => sequence);
    expect(sequences).toEqual(sequences.map((_, index) => sequences[0]! + index));
    clearInterval(nudges);
    await eventually(async () => (await attempts()) === 0);
  }

  it.each([
    ['in the middle', 2],
    ['at the end', 4],
  ])('is found out, reported with its ids and skipped when it fails: %s', async (_, place) => {
    const ids = deliver(5);
    const tried = poison(ids[place]!);
    await syncNow();
    await expectPassedOver(ids[place]!);
    // Three times with the others, three times by itself.
    expect(tried).toEqual([5, 5, 5, 1, 1, 1]);
    expect(app.logs.some((line) => line.includes('cannot be processed') && line.includes(ids[place]!))).toBe(
      true,
    );
    expect((await app.api.get(`/v1/mailboxes/${mailbox.id}`)).sync.lastError).toBeNull();
  });

  it.each([[{}], [{ message: null }], [{ message: { labelIds: ['INBOX'] } }]])(
    'is skipped without an event when it names no message: %j',
    async (entry) => {
      await logOf(app, mailbox);
      const { historyId } = (await app.api.get(`/v1/mailboxes/${mailbox.id}`)).sync;
      const id = String(BigInt(historyId!) + 1n);
      const fault = app.google.failNext({
        ...{ method: 'gmail.users.history.list', account: address, times: 7, status: 200 },
        body: { history: [{ id, messagesAdded: [entry] }], historyId: id },
      });
      const [messageId] = deliver(1);
      nudges = setInterval(() => void syncNow(), 50);
      await eventually(() => fault.hits === 7, { timeout: 15_000 });
      const events = await eventually(async () => messageEvents(await logOf(app, mailbox)), {
        until: (all) => all.length > 0,
      });
      expect(events).toMatchObject([{ type: 'message.added', data: { messageId } }]);
    },
  );

  it.each([
    ['fails at', { status: 500 }],
    ['refuses', { status: 403, reason: 'forbidden' }],
  ])('is skipped when Gmail %s its message, and at no other', async (_, answer) => {
    const ids = deliver(3);
    const path = new RegExp(`/messages/${ids[1]}`);
    const fault = app.google.failNext({ path, account: address, times: 1_000, ...answer });
    nudges = setInterval(() => void set('next_sync_at = now()'), 50);
    await expectPassedOver(ids[1]!);
    expect(fault.hits).toBeGreaterThanOrEqual(6);
    app.google.faults.clear();
  });

  it.each([
    ['fails at', { status: 500 }],
    ['refuses', { status: 403, reason: 'forbidden' }],
  ])(
    'is skipped when Gmail %s the newest messages, several of them, and at no older one',
    async (_, answer) => {
      const ids = deliver(4);
      for (const id of ids.slice(2))
        app.google.failNext({
          path: new RegExp(`/messages/${id}`),
          account: address,
          times: 1_000,
          ...answer,
        });
      nudges = setInterval(() => void set('next_sync_at = now()'), 50);
      const events = messageEvents(await logOf(app, mailbox));
      expect(events.map(({ data }) => [data.messageId, data.error])).toEqual(
        ids.map((id, place) => [id, place < 2 ? undefined : 'unprocessable']),
      );
      app.google.faults.clear();
    },
  );

  it('is not taken for one while there is no other message to compare it with, and is skipped once there is', async () => {
    const [id] = deliver(1);
    const path = new RegExp(`/messages/${id}`);
    const refusal = { path, account: address, times: 1_000, status: 403, reason: 'forbidden' };
    const fault = app.google.failNext(refusal);
    nudges = setInterval(() => void set('next_sync_at = now()'), 50);
    await eventually(() => fault.hits > 10, { timeout: 20_000 });
    expect(messageEvents(await everyEventOf(app, mailbox.id))).toEqual([]);
    deliver(1);
    await expectPassedOver(id!);
    app.google.faults.clear();
  });

  it.each([
    ['from the snapshot', 'SELECT 1 FROM mailbox_snapshots WHERE mailbox_id = $1', true],
    ['by date', 'DELETE FROM mailbox_snapshots WHERE mailbox_id = $1', false],
  ])(
    'is skipped too while a gap is being repaired %s',
    async (_, before, complete) => {
      await app.database.dataSource.query(before, [mailbox.id]);
      const ids = deliver(4);
      const path = new RegExp(`/messages/${ids[1]}`);
      app.google.failNext({ path, account: address, status: 500, times: 1_000 });
      app.google.expireHistory(address);
      nudges = setInterval(() => void set('next_sync_at = now()'), 50);
      const events = await eventually(() => everyEventOf(app, mailbox.id), {
        until: (all) => all.some(({ type }) => type === 'mailbox.gap'),
        timeout: 40_000,
      });
      clearInterval(nudges);
      app.google.faults.clear();
      const reported = messageEvents(events);
      expect(reported.map(({ type, origin }) => [type, origin])).toEqual(
        ids.map(() => ['message.added', 'backfill']),
      );
      expect(new Set(reported.map(({ data }) => data.messageId))).toEqual(new Set(ids));
      const flawed = ofType(reported, 'message.added').filter(({ data }) => data.message === null);
      expect(flawed).toMatchObject([{ data: { messageId: ids[1], error: 'unprocessable' } }]);
      expect(events.at(-1)).toMatchObject({ data: { complete, recovered: { 'message.added': 4 } } });
    },
    60_000,
  );

  it('is skipped when it killed the process, which its claims have counted', async () => {
    const [poisonId] = deliver(3);
    const dead = `claimed_by = 'dead', claimed_until = now() - interval '1 second', next_sync_at = now()`;
    // As six runs leave the row that were killed, three of them while they read record by record.
    await set(`attempts = 6, ${dead}`);
    await syncNow();
    await expectPassedOver(poisonId!);
  });

  it('is not taken for one while Gmail refuses every message, as of an account that is suspended', async () => {
    const ids = deliver(3);
    const said = { status: 403, reason: 'forbidden', message: 'The caller does not have permission' };
    const fault = { method: 'gmail.users.messages.get', account: address, times: 1_000, ...said };
    const refusals = app.google.failNext(fault);
    nudges = setInterval(() => void set('next_sync_at = now()'), 50);
    // Three times together, and far more often by itself than a message is that is to blame.
    await eventually(() => refusals.hits > 40, { timeout: 20_000 });
    expect(messageEvents(await everyEventOf(app, mailbox.id))).toEqual([]);
    const { sync } = await app.api.get(`/v1/mailboxes/${mailbox.id}`);
    expect(sync.lastError).toMatchObject({ code: 'gmail_refused' });
    app.google.faults.clear();
    const events = messageEvents(await logOf(app, mailbox));
    expect(events.map(({ data }) => data.messageId)).toEqual(ids);
    expect(events.filter(({ data }) => data.error !== undefined)).toEqual([]);
  });

  it('is not taken for one while it is Google that fails', async () => {
    await set('attempts = 5');
    const [id] = deliver(1);
    const fault = { method: 'gmail.users.messages.get', account: address, times: 3, status: 503 };
    const { hits } = app.google.failNext(fault);
    expect(hits).toBe(0);
    await syncNow();
    await eventually(async () => (await app.api.get(`/v1/mailboxes/${mailbox.id}`)).sync.lastError);
    expect(await attempts()).toBe(5);
    app.google.faults.clear();
    await set('next_sync_at = now()');
    const events = messageEvents(await logOf(app, mailbox));
    expect(events).toMatchObject([{ data: { messageId: id, message: expect.any(Object) } }]);
    expect(events[0]!.data).not.toHaveProperty('error');
  });
});
