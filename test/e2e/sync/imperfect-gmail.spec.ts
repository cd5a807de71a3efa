import { MissingMessageService } from '../../../src/sync/history/missing-message.service';
import { allOfType } from '../../support/event/of-type';
import type { Mailbox } from '../../support/api-types';
import { eventually } from '../../support/eventually';
import { everyEventOf, logOf, messageEvents, quiet } from '../../support/event/mailbox-log';
import { liftWaits } from '../../support/gmail/quota';
import { contentsOf, snapshotIs, snapshotOf } from '../../support/sync/snapshot';
import { createTestApp, type TestApp } from '../../support/test-app';

const GET = 'gmail.users.messages.get';
const HISTORY = 'gmail.users.history.list';
const LIST = 'gmail.users.messages.list';

describe('a Gmail that contradicts itself', () => {
  let app: TestApp;
  let address: string;
  let mailbox: Mailbox;
  let count = 0;
  beforeAll(async () => void (app = await createTestApp()));
  afterAll(() => app?.close());
  beforeEach(async () => {
    app.pushes.chaos = {};
    address = `box-${++count}@example.com`;
    mailbox = await app.connect(address);
    await snapshotIs(app, mailbox.id);
    await quiet(app, mailbox);
    // Each test asks for its syncs by itself.
    app.pushes.chaos = { drop: 1 };
    app.google.requests.clear();
  });
  afterEach(() => app.google.faults.clear());

  const syncNow = () => app.api.post(`/v1/mailboxes/${mailbox.id}/sync`, undefined, 202);
  const deliver = (many: number) =>
    Array.from({ length: many }, (_, n) => app.google.deliver(address, { subject: `No. ${n}` }).id);
  const log = async () => messageEvents(await logOf(app, mailbox));
  const asked = (messageId: string) =>
    app.google.requests.list({ method: GET }).filter(({ path }) => path.includes(messageId)).length;
  const missing = (messageId: string, times: number) =>
    app.google.failNext({
      ...{ method: GET, path: new RegExp(`/messages/${messageId}`), status: 404, reason: 'notFound' },
      times,
    });
  const subjects = (events: Awaited<ReturnType<typeof log>>) =>
    allOfType(events, 'message.added').map(({ data }) => [data.messageId, data.message?.subject, data.gone]);
  const setPatience = (milliseconds: number) => {
    const service = app.service.application.get(MissingMessageService, { strict: false });
    const before = service.maxMissingMs;
    service.maxMissingMs = milliseconds;
    return () => void (service.maxMissingMs = before);
  };

  it.each([
    ['alone', 1, 0],
    ['among others', 5, 2],
  ])('is asked again for a message that it does not give yet: %s', async (_, many, place) => {
    const ids = deliver(many);
    const fault = missing(ids[place]!, 3);
    await syncNow();
    const events = await log();
    expect(fault.hits).toBe(3);
    expect(subjects(events)).toEqual(ids.map((id, n) => [id, `No. ${n}`, undefined]));
    // The others were read once: what was read is kept until it can be reported.
    expect(ids.map(asked)).toEqual(ids.map((_id, n) => (n === place ? 4 : 1)));
    expect((await app.api.get(`/v1/mailboxes/${mailbox.id}`)).sync.lastError).toBeNull();
  });

  it.each([[{}], [[null]], [[{ messagesAdded: [] }]], [[{ id: 'x' }]]])(
    'is asked again for history when it answers 200 with %j for records',
    async (history) => {
      const [id] = deliver(1);
      const answer = { status: 200, body: { history, historyId: '9007299999999999' } };
      const fault = app.google.failNext({ method: HISTORY, ...answer });
      const logged = app.logs.length;
      await syncNow();
      expect(subjects(await log())).toEqual([[id, 'No. 0', undefined]]);
      expect(fault.hits).toBe(1);
      // No fault of ours: nobody has to look.
      expect(app.logs.slice(logged).filter((line) => line.includes('"level":50'))).toEqual([]);
    },
  );

  it.each([
    ['nothing, alone', 1, 0, {}],
    ['nothing, among others', 5, 2, {}],
    ['another message, alone', 1, 0, { id: 'f00', snippet: 'of somebody else' }],
    ['another message, among others', 5, 2, { id: 'f00', snippet: 'of somebody else' }],
  ])('is asked again for a message when it answers 200 with %s', async (_, many, place, body) => {
    const ids = deliver(many);
    const fault = app.google.failNext({
      ...{ method: GET, path: new RegExp(`/messages/${ids[place]}`), status: 200, body },
    });
    await syncNow();
    const events = await log();
    expect(fault.hits).toBe(1);
    expect(subjects(events)).toEqual(ids.map((id, n) => [id, `No. ${n}`, undefined]));
  });

  it('leads back to a page that was read, and the reading ends', async () => {
    const [id] = deliver(1);
    const { historyId } = app.google.mailbox(address);
    const page = { historyId: String(historyId), nextPageToken: '1:0' };
    const fault = app.google.failNext({ method: HISTORY, status: 200, body: page, times: 2 });
    await syncNow();
    const { lastError } = await eventually(
      async () => (await app.api.get(`/v1/mailboxes/${mailbox.id}`)).sync,
      {
        until: (sync) => sync.lastError !== null,
      },
    );
    expect([fault.hits, lastError!.code]).toEqual([2, 'gmail_unavailable']);
    expect((await log()).map(({ data }) => data.messageId)).toEqual([id]);
  });

  it('is asked again for a message that it does not give yet when the reading of others is broken off', async () => {
    const ids = deliver(3);
    const absent = missing(ids[0]!, 1);
    app.google.failNext({
      ...{ method: GET, path: new RegExp(`/messages/${ids[2]}`), times: 1_000 },
      ...{ status: 403, reason: 'userRateLimitExceeded', retryAfter: 3_600 },
    });
    await syncNow();
    await eventually(async () => (await app.api.get(`/v1/mailboxes/${mailbox.id}`)).sync.lastError);
    expect(absent.hits).toBe(1);
    app.google.faults.clear();
    await liftWaits(app.database.dataSource);
    const events = await log();
    expect(subjects(events)).toEqual(ids.map((id, n) => [id, `No. ${n}`, undefined]));
  });

  it('is not waited for when history says that the message was deleted', async () => {
    const [first, second] = deliver(2);
    app.google.delete(address, first!);
    await syncNow();
    const events = await log();
    expect(
      events.map(({ type, data }) => [type, data.messageId, 'gone' in data ? data.gone : undefined]),
    ).toEqual([
      ['message.added', first, true],
      ['message.added', second, undefined],
      ['message.deleted', first, undefined],
    ]);
    expect(asked(first!)).toBe(1);
  });

  it('is believed after a minute', async () => {
    const restore = setPatience(700);
    const ids = deliver(2);
    app.google.vanish(address, ids[0]!);
    await syncNow();
    const events = await log();
    restore();
    expect(allOfType(events, 'message.added').map(({ data }) => [data.messageId, data.gone])).toEqual([
      [ids[0], true],
      [ids[1], undefined],
    ]);
    expect(asked(ids[0]!)).toBeGreaterThanOrEqual(2);
  });

  it.each([
    ['from the snapshot', true],
    ['by date', false],
  ])('is asked again while a gap is being repaired %s', async (_, hasSnapshot) => {
    if (!hasSnapshot)
      await app.database.dataSource.query('DELETE FROM mailbox_snapshots WHERE mailbox_id = $1', [
        mailbox.id,
      ]);
    const ids = deliver(3);
    missing(ids[1]!, 2);
    app.google.expireHistory(address);
    await syncNow();
    const events = await eventually(() => everyEventOf(app, mailbox.id), {
      until: (all) => all.some(({ type }) => type === 'mailbox.gap'),
    });
    const reported = allOfType(messageEvents(events), 'message.added').map(({ data }) => [
      data.messageId,
      data.message?.subject,
      data.gone,
    ]);
    expect(new Set(reported)).toEqual(new Set(ids.map((id, n) => [id, `No. ${n}`, undefined])));
    expect(reported).toHaveLength(3);
  });

  it('keeps what was read when it refuses the rest for the rate, and asks for the rest only', async () => {
    const ids = deliver(61);
    const refused = { method: GET, account: address, status: 429, reason: 'rateLimitExceeded' };
    app.google.failNext({ ...refused, skip: 50, times: 11 });
    await syncNow();
    const first = await eventually(() => everyEventOf(app, mailbox.id), {
      until: (all) => messageEvents(all).length > 0,
    });
    expect(messageEvents(first).length).toBeGreaterThanOrEqual(50);
    const events = await log();
    expect(events.map(({ data }) => data.messageId)).toEqual(ids);
    expect(ids.slice(0, 50).map(asked)).toEqual(ids.slice(0, 50).map(() => 1));
  });

  it('does not find the batch itself, and neither messages nor history are taken for gone', async () => {
    const ids = deliver(3);
    const fault = app.google.failNext({ method: 'batch.gmail', status: 404, reason: 'notFound', times: 3 });
    await syncNow();
    expect(subjects(await log())).toEqual(ids.map((id, n) => [id, `No. ${n}`, undefined]));
    expect(fault.hits).toBe(3);
    expect((await everyEventOf(app, mailbox.id)).map(({ type }) => type)).not.toContain('mailbox.gap');
  });

  it('lags behind the cursor, and nothing comes of it', async () => {
    const { historyId } = app.google.mailbox(address);
    app.google.failNext({ method: HISTORY, status: 200, body: { historyId: String(historyId - 1n) } });
    const before = (await app.api.get(`/v1/mailboxes/${mailbox.id}`)).sync;
    await syncNow();
    const { sync } = await eventually(() => app.api.get(`/v1/mailboxes/${mailbox.id}`), {
      until: (now) => now.sync.lastSyncAt !== before.lastSyncAt,
    });
    expect(sync).toMatchObject({ historyId: before.historyId, lastError: null });
    expect((await everyEventOf(app, mailbox.id)).map(({ type }) => type)).toEqual(['mailbox.connected']);
  });

  describe('and of a mailbox that was quiet for so long that its newest id is answered 404', () => {
    beforeEach(() => app.google.outlastHistory(address));

    it('treats the same id as no change: no lists, and no mailbox.gap at any reconcile', async () => {
      for (let run = 0; run < 2; run++) {
        const before = (await app.api.get(`/v1/mailboxes/${mailbox.id}`)).sync.lastSyncAt;
        await syncNow();
        await eventually(async () => (await app.api.get(`/v1/mailboxes/${mailbox.id}`)).sync, {
          until: ({ lastSyncAt, lastError }) => lastSyncAt !== before && lastError === null,
        });
      }
      expect((await everyEventOf(app, mailbox.id)).map(({ type }) => type)).toEqual(['mailbox.connected']);
      expect(app.google.requests.count({ method: LIST })).toBe(0);
      expect(app.google.requests.count({ method: HISTORY, status: 404 })).toBe(2);
    });

    it('builds its snapshot once', async () => {
      await app.database.dataSource.query(
        `WITH old AS (DELETE FROM mailbox_snapshots WHERE mailbox_id = $1 RETURNING *)
         INSERT INTO mailbox_snapshots (mailbox_id, label_ids, label_filter_behavior)
         SELECT mailbox_id, label_ids, label_filter_behavior FROM old`,
        [mailbox.id],
      );
      await snapshotIs(app, mailbox.id);
      expect(await snapshotOf(app, mailbox.id)).toEqual(contentsOf(app, address, 'INBOX'));
      expect(app.google.requests.count({ method: 'gmail.users.labels.list' })).toBe(1);
    });

    it('repairs the gap that its next mail finds, once', async () => {
      const [id] = deliver(1);
      await syncNow();
      const events = await eventually(() => everyEventOf(app, mailbox.id), {
        until: (all) => all.some(({ type }) => type === 'mailbox.gap'),
      });
      expect(messageEvents(events).map(({ data }) => data.messageId)).toEqual([id]);
    });
  });
});
