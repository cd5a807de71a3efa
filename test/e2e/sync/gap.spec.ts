import { messageIdOf, ofType } from '../../support/event/of-type';
import type { Event, Mailbox } from '../../support/api-types';
import { connectMailbox } from '../../support/connection/connect-mailbox';
import { eventually } from '../../support/eventually';
import { logOf } from '../../support/event/mailbox-log';
import { contentsOf, snapshotIs, snapshotOf } from '../../support/sync/snapshot';
import { createTestApp, type TestApp } from '../../support/test-app';

describe('expired history', () => {
  let app: TestApp;
  beforeAll(async () => void (app = await createTestApp()));
  afterAll(() => app?.close());
  afterEach(() => {
    app.google.faults.clear();
    app.pushes.resume();
  });

  /** Everything up to the `mailbox.gap` that a sync appends now. */
  async function repaired(mailbox: Mailbox): Promise<Event[]> {
    app.google.expireHistory(mailbox.emailAddress);
    await app.api.post(`/v1/mailboxes/${mailbox.id}/sync`, undefined, 202);
    return eventually(() => app.api.events({ mailboxId: mailbox.id }), {
      until: (all) => all.some(({ type }) => type === 'mailbox.gap'),
    });
  }

  it('is recovered by date while the snapshot is being built, with a mailbox.gap that says so', async () => {
    const address = 'gap@example.com';
    app.google.addAccount(address);
    app.google.failNext({
      ...{ method: 'gmail.users.labels.list', account: address, status: 503, reason: 'backendError' },
      times: 3,
    });
    const mailbox = await connectMailbox(app.google, app.api, address);
    const seen = app.google.deliver(address, { subject: 'before', text: 'x' });
    await eventually(() => app.api.events({ mailboxId: mailbox.id }), {
      until: (events) => events.length === 2,
    });

    app.pushes.pause();
    const missed = [1, 2, 3].map((n) => app.google.deliver(address, { subject: `missed ${n}`, text: 'x' }));
    app.google.deliver(address, { subject: 'elsewhere', text: 'x', labelIds: ['SENT'] });
    const events = await repaired(mailbox);
    expect(events.slice(2).map(({ type, origin }) => [type, origin])).toEqual([
      ['message.added', 'backfill'],
      ['message.added', 'backfill'],
      ['message.added', 'backfill'],
      ['mailbox.gap', 'backfill'],
    ]);
    expect(events.slice(2, 5).map(messageIdOf)).toEqual(missed.map(({ id }) => id));
    expect(events.filter((event) => messageIdOf(event) === seen.id)).toHaveLength(1);
    expect(events[5]!.data).toMatchObject({ recovered: { 'message.added': 3 }, complete: false });

    app.pushes.resume();
    app.google.deliver(address, { subject: 'after', text: 'x' });
    const after = await eventually(() => app.api.events({ mailboxId: mailbox.id }), {
      until: (all) => all.length === 7,
    });
    expect(after[6]).toMatchObject({ origin: 'live', data: { message: { subject: 'after' } } });
    await snapshotIs(app, mailbox.id);
    expect(await snapshotOf(app, mailbox.id)).toEqual(contentsOf(app, address, 'INBOX'));
  });

  it('is repaired from the snapshot: what arrived, was deleted and changed labels', async () => {
    const { google } = app;
    const address = 'whole-gap@example.com';
    google.addAccount(address, { labels: ['Work'] });
    const deliver = (labelIds = ['UNREAD', 'INBOX']) => google.deliver(address, { text: 'x', labelIds });
    // Some from before the connection, some from after it.
    const [read, archived, deleted, untouched] = [deliver(), deliver(), deliver(), deliver()];
    const old = google.deliver(address, {
      text: 'x',
      labelIds: ['SENT'],
      internalDate: Date.now() - 86_400_000,
    });
    const mailbox = await app.connect(address);
    await snapshotIs(app, mailbox.id);
    const live = deliver();
    await eventually(() => logOf(app, mailbox), { until: ({ length }) => length === 2 });

    app.pushes.pause();
    const missed = deliver();
    google.modify(address, read.id, { addLabelIds: ['STARRED', 'Label_1'], removeLabelIds: ['UNREAD'] });
    google.modify(address, archived.id, { removeLabelIds: ['INBOX'] });
    google.delete(address, deleted.id);
    google.delete(address, live.id);
    google.modify(address, old.id, { addLabelIds: ['INBOX'] });
    const events = await repaired(mailbox);

    const gap = events.slice(2);
    expect(gap.every(({ origin }) => origin === 'backfill')).toBe(true);
    const reported = gap
      .slice(0, -1)
      .map((event) => [
        event.type,
        messageIdOf(event),
        'changedLabelIds' in event.data ? event.data.changedLabelIds.sort() : undefined,
      ]);
    expect(new Set(reported)).toEqual(
      new Set([
        ['message.added', missed.id, undefined],
        ['message.labels_added', old.id, ['INBOX']],
        ['message.labels_added', read.id, ['Label_1', 'STARRED']],
        ['message.labels_removed', read.id, ['UNREAD']],
        ['message.labels_removed', archived.id, ['INBOX']],
        ['message.deleted', deleted.id, undefined],
        ['message.deleted', live.id, undefined],
      ]),
    );
    expect(reported).toHaveLength(7);
    const starred = ofType(gap, 'message.labels_added').find(({ data }) => data.messageId === read.id);
    expect(starred!.data).toMatchObject({ threadId: read.threadId });
    expect(starred!.data.historyId).toBe(String(google.mailbox(address).messages.get(read.id)!.historyId));
    expect(gap.at(-1)!.data).toEqual({
      fromHistoryId: expect.any(String),
      toHistoryId: google.historyId(address),
      recovered: {
        'message.added': 1,
        'message.deleted': 2,
        'message.labels_added': 2,
        'message.labels_removed': 2,
      },
      complete: true,
    });
    expect(reported.some(([, id]) => id === untouched.id)).toBe(false);
    expect(await snapshotOf(app, mailbox.id)).toEqual(contentsOf(app, address, 'INBOX'));
    const after = deliver();
    app.pushes.resume();
    google.notify(address);
    const log = await eventually(() => logOf(app, mailbox), { until: ({ length }) => length === 11 });
    expect(log[10]).toMatchObject({ origin: 'live', data: { messageId: after.id } });
  });

  it('is repaired in chunks: a repair that is broken off goes on with what is left, and counts all of it', async () => {
    const { google } = app;
    const address = 'broken-repair@example.com';
    google.addAccount(address);
    const mails = Array.from({ length: 120 }, () => google.deliver(address, { text: 'x' }));
    const mailbox = await app.connect(address, { labelIds: [] });
    await snapshotIs(app, mailbox.id);
    app.pushes.pause();
    for (const { id } of mails) google.modify(address, id, { removeLabelIds: ['UNREAD'] });
    const missed = google.deliver(address, { text: 'x' });
    // The first chunk of 100 is read in two batches, the rest in a third one.
    google.failNext({ path: /^\/batch/, status: 503, reason: 'backendError', skip: 2, times: 1 });
    google.failNext({
      method: 'gmail.users.messages.get',
      account: address,
      status: 503,
      skip: 120,
      times: 3,
    });
    const events = await repaired(mailbox);
    const reported = events.slice(1, -1).map((event) => `${event.type} ${messageIdOf(event)}`);
    expect(reported).toHaveLength(121);
    expect(new Set(reported)).toEqual(
      new Set([`message.added ${missed.id}`, ...mails.map(({ id }) => `message.labels_removed ${id}`)]),
    );
    expect(events.at(-1)!.data).toMatchObject({
      recovered: { 'message.added': 1, 'message.labels_removed': 120 },
      complete: true,
    });
    expect(app.logs.some((line) => line.includes(mailbox.id) && line.includes('gmail_unavailable'))).toBe(
      true,
    );
    expect(await snapshotOf(app, mailbox.id)).toEqual(contentsOf(app, address));
  });

  it('reports no change twice that happens while the repair reads its lists', async () => {
    const { google } = app;
    const address = 'busy-repair@example.com';
    google.addAccount(address);
    const mail = google.deliver(address, { text: 'x' });
    const mailbox = await app.connect(address);
    await snapshotIs(app, mailbox.id);
    app.pushes.pause();
    google.modify(address, mail.id, { addLabelIds: ['STARRED'] });
    const fault = google.failNext({ method: 'gmail.users.labels.list', account: address, hang: true });
    google.expireHistory(address);
    await app.api.post(`/v1/mailboxes/${mailbox.id}/sync`, undefined, 202);
    await eventually(() => fault.hits === 1);
    google.modify(address, mail.id, { removeLabelIds: ['UNREAD'] });
    const late = google.deliver(address, { text: 'x' });
    fault.release();
    app.pushes.resume();
    google.notify(address);
    const log = await eventually(() => logOf(app, mailbox), { until: ({ length }) => length === 5 });
    expect(log.slice(1).map((event) => [event.type, event.origin, messageIdOf(event)])).toEqual([
      ['message.labels_added', 'backfill', mail.id],
      ['mailbox.gap', 'backfill', undefined],
      ['message.labels_removed', 'live', mail.id],
      ['message.added', 'live', late.id],
    ]);
    expect(ofType(log, 'message.labels_added')[0]!.data.labelIds.sort()).toEqual([
      'INBOX',
      'STARRED',
      'UNREAD',
    ]);
  });

  it('treats no empty answer as a mailbox without messages', async () => {
    const address = 'nothing-listed@example.com';
    app.google.addAccount(address);
    app.google.deliver(address, { text: 'x' });
    const mailbox = await app.connect(address);
    await snapshotIs(app, mailbox.id);
    app.pushes.pause();
    const { id } = app.google.deliver(address, { text: 'x' });
    const empty = { method: 'gmail.users.messages.list', account: address, status: 200, body: {}, times: 2 };
    const fault = app.google.failNext(empty);
    const events = await repaired(mailbox);
    expect(fault.hits).toBe(2);
    expect(events.slice(1).map((event) => [event.type, messageIdOf(event)])).toEqual([
      ['message.added', id],
      ['mailbox.gap', undefined],
    ]);
  });

  it('is that of another account too, made anew under the same address: its ids are behind the cursor', async () => {
    const mailbox = await app.connect('made-anew@example.com');
    await snapshotIs(app, mailbox.id);
    app.pushes.pause();
    const { id } = app.google.deliver(mailbox.emailAddress, { text: 'x' });
    // Google is believed when it has said so five times.
    const ahead =
      'UPDATE mailbox_cursors SET history_id = history_id + 1000000000, failures = 4 WHERE mailbox_id = $1';
    await app.database.dataSource.query(ahead, [mailbox.id]);
    await app.api.post(`/v1/mailboxes/${mailbox.id}/sync`, undefined, 202);
    const events = await eventually(() => logOf(app, mailbox), {
      until: (all) => all.some(({ type }) => type === 'mailbox.gap'),
    });
    expect(events.map(messageIdOf)).toEqual([undefined, id, undefined]);
    app.pushes.resume();
    const next = app.google.deliver(mailbox.emailAddress, { text: 'x' });
    await eventually(async () => messageIdOf((await logOf(app, mailbox))[3]) === next.id);
  });
});
