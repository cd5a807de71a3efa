import { MissingMessageService } from '../../../src/sync/history/missing-message.service';
import { corpus } from '../../../src/local-google/testing/mails';
import { allOfType, ofType, type EventOf } from '../../support/event/of-type';
import type { Mailbox } from '../../support/api-types';
import { logOf, messageEvents, quiet } from '../../support/event/mailbox-log';
import { reportedChanges, truthOf } from '../../support/sync/truth';
import { createTestApp, type TestApp } from '../../support/test-app';

describe('sync', () => {
  let app: TestApp;
  let address: string;
  let mailbox: Mailbox;
  let count = 0;
  beforeAll(async () => void (app = await createTestApp()));
  afterAll(() => app?.close());
  // A mailbox of its own for each test, quiet when the test begins.
  beforeEach(async () => {
    Object.assign(app.google.switches, {
      emptyHistoryPages: 0,
      ignoreLabelFilter: false,
      numericHistoryIds: false,
    });
    dropPushes(false);
    address = `box-${++count}@example.com`;
    mailbox = await app.connect(address);
    await quiet(app, mailbox);
    app.google.requests.clear();
  });

  const dropPushes = (drop: boolean) =>
    void (app.google.topics.subscriptions[0]!.chaos = drop ? { drop: 1 } : {});
  const calls = (method: string) => app.google.requests.count({ method });
  const filter = (labelIds: string[], labelFilterBehavior = 'include') =>
    app.api.put(`/v1/mailboxes/${mailbox.id}/watch`, { labelIds, labelFilterBehavior });
  const syncNow = () => app.api.post(`/v1/mailboxes/${mailbox.id}/sync`, undefined, 202);
  const withoutIds = ({ message, gone }: EventOf<'message.added'>['data']) =>
    gone ? { message: null, gone: true } : { message };
  const log = async () => messageEvents(await logOf(app, mailbox));

  it('reports all four kinds of change, each with its payload', async () => {
    const mail = { from: 'Bob <bob@example.net>', cc: 'eve@example.net', subject: 'Grüße', text: 'Hi Ada' };
    const { id: messageId, threadId, historyId } = app.google.deliver(address, mail);
    const starred = app.google.modify(address, messageId, { addLabelIds: ['STARRED'] });
    const read = app.google.modify(address, messageId, { removeLabelIds: ['UNREAD'] });
    const deleted = app.google.delete(address, messageId);
    const ids = { messageId, threadId };
    const events = await log();
    expect(events.map(({ type, origin, data }) => ({ type, origin, data }))).toEqual([
      {
        type: 'message.added',
        origin: 'live',
        // Its content is there or gone already, whichever came first.
        data: {
          ...ids,
          historyId,
          labelIds: ['UNREAD', 'INBOX'],
          ...withoutIds(ofType(events, 'message.added')[0]!.data),
        },
      },
      {
        type: 'message.labels_added',
        origin: 'live',
        data: {
          ...ids,
          historyId: starred,
          changedLabelIds: ['STARRED'],
          labelIds: ['UNREAD', 'INBOX', 'STARRED'],
        },
      },
      {
        type: 'message.labels_removed',
        origin: 'live',
        data: { ...ids, historyId: read, changedLabelIds: ['UNREAD'], labelIds: ['INBOX', 'STARRED'] },
      },
      { type: 'message.deleted', origin: 'live', data: { ...ids, historyId: deleted } },
    ]);
  });

  it('reports what the headers of a new message say', async () => {
    const sent = app.google.deliver(address, {
      ...{ from: '"Bob, the Builder" <bob@example.net>', to: `${address}, Eve <eve@example.net>` },
      ...{ cc: 'carol@example.net', subject: 'Grüße 🎉', text: 'Hi Ada', rfc822MessageId: '<1@example.net>' },
      ...{ date: new Date('2026-03-01T10:00:00Z'), internalDate: Date.parse('2026-03-01T10:00:05Z') },
    });
    const [event] = await log();
    expect(event!.data).toEqual({
      ...{
        messageId: sent.id,
        threadId: sent.threadId,
        historyId: sent.historyId,
        labelIds: ['UNREAD', 'INBOX'],
      },
      message: {
        from: { name: 'Bob, the Builder', address: 'bob@example.net' },
        to: [
          { name: '', address },
          { name: 'Eve', address: 'eve@example.net' },
        ],
        cc: [{ name: '', address: 'carol@example.net' }],
        ...{ bcc: [], replyTo: [], inReplyTo: null, references: [], listId: null, autoSubmitted: null },
        headers: {},
        subject: 'Grüße 🎉',
        date: '2026-03-01T10:00:00.000Z',
        snippet: 'Hi Ada',
        rfc822MessageId: '<1@example.net>',
        internalDate: '2026-03-01T10:00:05.000Z',
        sizeEstimate: expect.any(Number),
        attachments: [],
      },
    });
  });

  it('keeps the order of several changes in one history record', async () => {
    const [a, b] = [app.google.deliver(address), app.google.deliver(address)];
    const messageId = app.google.newMessageId();
    const { historyId } = app.google.record(address, {
      added: [{ messageId }],
      labelsAdded: [{ id: a.id, labelIds: ['STARRED', 'IMPORTANT'] }],
      labelsRemoved: [{ id: a.id, labelIds: ['UNREAD'] }],
      deleted: [b.id],
    });
    const events = (await log()).slice(2);
    expect(events.map(({ type, data }) => [type, data.messageId, data.historyId])).toEqual([
      ['message.added', messageId, historyId],
      ['message.labels_added', a.id, historyId],
      ['message.labels_removed', a.id, historyId],
      ['message.deleted', b.id, historyId],
    ]);
  });

  it('reads every page of a long history, empty pages with a token too', async () => {
    await filter([]);
    await quiet(app, mailbox);
    dropPushes(true);
    const { id } = app.google.deliver(address);
    for (let i = 0; i < 600; i++) {
      app.google.modify(address, id, { addLabelIds: ['STARRED'] });
      app.google.modify(address, id, { removeLabelIds: ['STARRED'] });
    }
    app.google.switches.emptyHistoryPages = 2;
    app.google.requests.clear();
    await syncNow();
    expect(reportedChanges(await log())).toEqual(truthOf(app, address));
    // Three pages of 500, 500 and 201 records, each behind two empty ones, and one empty page at the end.
    expect(calls('gmail.users.history.list')).toBeGreaterThanOrEqual(9);
  });

  it.each(['include', 'exclude'])(
    'applies the filter again, whatever Gmail notifies: %s',
    async (behavior) => {
      await filter(['STARRED', 'IMPORTANT'], behavior);
      app.google.switches.ignoreLabelFilter = true;
      const { id } = app.google.deliver(address, { labelIds: ['STARRED', 'INBOX'] });
      // Six changes with one of the labels before or after them …
      app.google.modify(address, id, { removeLabelIds: ['STARRED'] });
      app.google.modify(address, id, { addLabelIds: ['IMPORTANT'], removeLabelIds: ['INBOX'] });
      app.google.modify(address, id, { addLabelIds: ['INBOX'], removeLabelIds: ['IMPORTANT'] });
      // … and two with none.
      app.google.modify(address, id, { addLabelIds: ['UNREAD'] });
      app.google.deliver(address, { labelIds: ['SENT'] });
      const truth = truthOf(app, address);
      expect(truth).toHaveLength(8);
      expect(reportedChanges(await log())).toEqual(
        behavior === 'include' ? truth.slice(0, 6) : truth.slice(6),
      );
    },
  );

  it('classifies a record by the filter in force when it is read', async () => {
    dropPushes(true);
    app.google.deliver(address, { labelIds: ['INBOX'] });
    const sent = app.google.deliver(address, { labelIds: ['SENT'] });
    expect((await filter(['SENT'])).watch).toMatchObject({ labelIds: ['SENT'], status: 'active' });
    await syncNow();
    expect((await log()).map(({ data }) => data.messageId)).toEqual([sent.id]);
  });

  it('reads again while history lags behind the notification', async () => {
    app.google.lagHistory(address, { calls: 2 });
    const sent = app.google.deliver(address);
    expect((await log()).map(({ data }) => data.messageId)).toEqual([sent.id]);
    expect(calls('gmail.users.history.list')).toBe(3);
  });

  it.each([1, 3])('reports a message that is gone when it is read (%i at once)', async (many) => {
    dropPushes(true);
    const sent = Array.from({ length: many }, () => app.google.deliver(address));
    app.google.vanish(address, sent[0]!.id);
    const missing = app.service.application.get(MissingMessageService, { strict: false });
    const { maxMissingMs } = missing;
    missing.maxMissingMs = 600;
    await syncNow();
    const events = await log();
    missing.maxMissingMs = maxMissingMs;
    expect(events.map(({ data }) => data.messageId)).toEqual(sent.map(({ id }) => id));
    expect(events[0]!.data).toMatchObject({ message: null, gone: true, labelIds: ['UNREAD', 'INBOX'] });
    for (const { data } of allOfType(events.slice(1), 'message.added')) {
      expect(data.message!.subject).toBe('Hello');
      expect(data).not.toHaveProperty('gone');
    }
  });

  it('reads many new messages in batches of at most 50, and none of them twice', async () => {
    dropPushes(true);
    const sent = Array.from({ length: 120 }, (_, i) => app.google.deliver(address, { subject: `No. ${i}` }));
    app.google.switches.shuffleBatch = true;
    await syncNow();
    const events = await log();
    app.google.switches.shuffleBatch = false;
    expect(
      allOfType(events, 'message.added').map(({ data }) => [data.messageId, data.message!.subject]),
    ).toEqual(sent.map(({ id }, i) => [id, `No. ${i}`]));
    const gets = app.google.requests.list({ method: 'gmail.users.messages.get' });
    expect(gets.filter(({ batched }) => batched)).toHaveLength(120);
    expect(gets).toHaveLength(120);
    expect(batchSizes().every((size) => size <= 50)).toBe(true);
    expect(batchSizes().length).toBeLessThanOrEqual(4);
  });

  /** The log has the parts of a batch right before the batch itself. */
  function batchSizes(): number[] {
    const sizes: number[] = [];
    let parts = 0;
    for (const { method, batched } of app.google.requests.list()) {
      if (batched) parts++;
      if (method === 'batch.gmail') sizes.push(parts);
      if (method === 'batch.gmail') parts = 0;
    }
    expect(sizes.length).toBeGreaterThan(0);
    return sizes;
  }

  it('keeps history ids above 2^53 exact everywhere', async () => {
    app.google.switches.numericHistoryIds = true;
    const sent = [app.google.deliver(address)];
    // One that JavaScript's numbers cannot hold.
    while (BigInt(sent.at(-1)!.historyId) % 2n === 0n) sent.push(app.google.deliver(address));
    expect(String(Number(sent.at(-1)!.historyId))).not.toBe(sent.at(-1)!.historyId);
    expect((await log()).map(({ data }) => data.historyId)).toEqual(sent.map(({ historyId }) => historyId));
    await app.google.pushesSettled();
    const { sync } = await app.api.get(`/v1/mailboxes/${mailbox.id}`);
    const { historyId } = sent.at(-1)!;
    expect(sync).toMatchObject({ historyId, notifiedHistoryId: historyId });
  });

  it('reports a message added twice once, within one run and in later ones', async () => {
    dropPushes(true);
    const { id: messageId } = app.google.deliver(address);
    app.google.record(address, { added: [{ messageId }] });
    await syncNow();
    await log();
    dropPushes(false);
    app.google.record(address, { added: [{ messageId }] });
    const other = app.google.deliver(address);
    expect((await log()).map(({ data }) => data.messageId)).toEqual([messageId, other.id]);
  });

  it('gets every mail of the corpus through as an event', async () => {
    const mails = corpus();
    expect(mails.length).toBeGreaterThanOrEqual(20);
    const sent = mails.map(({ name, raw }) => ({ name, id: app.google.deliver(address, { raw }).id }));
    const events = await log();
    expect(events.map(({ data }) => data.messageId)).toEqual(sent.map(({ id }) => id));
    const unread = allOfType(events, 'message.added').filter(
      ({ data }) => data.message === null || data.gone,
    );
    expect(unread).toEqual([]);
    expect((await app.api.get(`/v1/mailboxes/${mailbox.id}`)).sync.lastError).toBeNull();
  });
});
