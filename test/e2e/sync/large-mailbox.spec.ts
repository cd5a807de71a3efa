import { type ListedRange, ListedMessageStore } from '../../../src/sync/snapshot/listed-message.store';
import type { Mailbox } from '../../support/api-types';
import { eventually } from '../../support/eventually';
import { everyEventOf, messageEvents, quiet } from '../../support/event/mailbox-log';
import { contentsOf, snapshotIs, snapshotOf } from '../../support/sync/snapshot';
import { createTestApp, type TestApp } from '../../support/test-app';

const ADA = 'ada@example.com';
/** What fits into memory. */
const RANGE = 7;

describe('a mailbox with more messages than are held in memory', () => {
  let app: TestApp;
  let mailbox: Mailbox;
  let store: ListedMessageStore;
  beforeAll(async () => {
    app = await createTestApp();
    store = app.service.application.get(ListedMessageStore, { strict: false });
    store.rangeSize = RANGE;
    app.google.addAccount(ADA, { labels: ['Work', 'Home'] });
  });
  afterEach(() => jest.restoreAllMocks());
  afterAll(() => app?.close());

  const sql = (text: string) => app.database.dataSource.query(text, [mailbox.id]);
  const labels = [['INBOX'], ['INBOX', 'UNREAD'], ['SENT'], ['INBOX', 'STARRED', 'UNREAD'], []];
  const deliver = (n: number) =>
    app.google.deliver(ADA, { text: 'x', labelIds: labels[n % labels.length]! }).id;

  it('has its snapshot built in ranges', async () => {
    const filled = jest.spyOn(store, 'fill');
    Array.from({ length: 40 }, (_, n) => deliver(n));
    mailbox = await app.connect(ADA, { labelIds: [] });
    await snapshotIs(app, mailbox.id);
    expect(await snapshotOf(app, mailbox.id)).toEqual(contentsOf(app, ADA));
    expect(filled.mock.calls.length).toBeGreaterThanOrEqual(40 / RANGE);
    expect(await app.database.dataSource.query('SELECT 1 FROM listed_messages')).toEqual([]);
  });

  it('is compared in ranges: what arrived, was deleted and changed labels', async () => {
    await quiet(app, mailbox);
    app.pushes.pause();
    const ids = [...app.google.mailbox(ADA).messages.keys()];
    const deleted = ids.filter((_, n) => n % 9 === 0);
    const starred = ids.filter((_, n) => n % 9 === 4);
    for (const id of deleted) app.google.delete(ADA, id);
    for (const id of starred) app.google.modify(ADA, id, { addLabelIds: ['IMPORTANT'] });
    const added = Array.from({ length: 20 }, (_, n) => deliver(n));
    app.google.expireHistory(ADA);
    const compared = jest.spyOn(store, 'compare');
    await app.api.post(`/v1/mailboxes/${mailbox.id}/sync`, undefined, 202);
    const events = await eventually(() => everyEventOf(app, mailbox.id), {
      until: (all) => all.some(({ type }) => type === 'mailbox.gap'),
      timeout: 20_000,
    });
    const reported = (type: string) =>
      messageEvents(events)
        .filter((event) => event.type === type)
        .map(({ data }) => data.messageId)
        .sort();
    expect(reported('message.added')).toEqual(added.sort());
    expect(reported('message.deleted')).toEqual(deleted.sort());
    expect(reported('message.labels_added')).toEqual(starred.sort());
    expect(reported('message.labels_removed')).toEqual([]);
    expect(events.at(-1)!.data).toMatchObject({ complete: true });
    expect(await snapshotOf(app, mailbox.id)).toEqual(contentsOf(app, ADA));
    const ranges = await Promise.all(compared.mock.results.map(({ value }) => value as Promise<ListedRange>));
    expect(ranges.length).toBeGreaterThanOrEqual(60 / RANGE);
    for (const { before, listed } of ranges)
      expect(Math.max(before.size, listed.size)).toBeLessThanOrEqual(RANGE);
    app.pushes.resume();
  });

  it('is given up as unsupported after four attempts that have ended the process', async () => {
    await quiet(app, mailbox);
    await sql(
      `UPDATE mailbox_snapshots SET state = 'building', build_at = now(), attempts = 4, claimed_by = 'dead',
         claimed_until = now() - interval '1 second' WHERE mailbox_id = $1`,
    );
    app.google.requests.clear();
    await snapshotIs(app, mailbox.id, 'unsupported');
    expect(app.google.requests.count({ method: 'gmail.users.messages.list' })).toBe(0);
    expect(app.logs.some((line) => line.includes('is given up') && line.includes(mailbox.id))).toBe(true);
  });

  it('has the attempt counted before it begins, and not when it is returned', async () => {
    const other = 'eve@example.com';
    app.google.addAccount(other);
    const fault = app.google.failNext({ method: 'gmail.users.labels.list', account: other, hang: true });
    const attempts = async (id: string) =>
      (
        await app.database.dataSource.query<[{ attempts: number }]>(
          'SELECT attempts FROM mailbox_snapshots WHERE mailbox_id = $1',
          [id],
        )
      )[0].attempts;
    const { id } = await app.connect(other);
    await eventually(() => fault.hits > 0);
    expect(await attempts(id)).toBe(1);
    fault.release();
    await snapshotIs(app, id);
    expect(await attempts(id)).toBe(0);
  });
});
