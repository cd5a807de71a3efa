import { connectMailbox } from '../../support/connection/connect-mailbox';
import { eventually } from '../../support/eventually';
import { logOf } from '../../support/event/mailbox-log';
import { contentsOf, snapshotIs, snapshotOf } from '../../support/sync/snapshot';
import { createTestApp, type TestApp } from '../../support/test-app';

describe('the snapshot of a mailbox', () => {
  let app: TestApp;
  beforeAll(async () => void (app = await createTestApp({ MESSAGE_PAYLOAD: 'ids' })));
  afterAll(() => app?.close());
  afterEach(() => app.google.faults.clear());

  it('keeps up with changes that happen while it is being built, and after', async () => {
    const { google } = app;
    const address = 'built-while-busy@example.com';
    google.addAccount(address);
    const mails = Array.from({ length: 8 }, () => google.deliver(address, { text: 'x' }));
    // The list of the INBOX has been read when the changes happen, those of the other labels have not.
    const fault = google.failNext({
      ...{ method: 'gmail.users.messages.list', account: address, hang: true, skip: 1 },
    });
    const mailbox = await connectMailbox(google, app.api, address);
    await eventually(() => fault.hits === 1);
    google.delete(address, mails[0]!.id);
    google.modify(address, mails[1]!.id, { removeLabelIds: ['INBOX', 'UNREAD'] });
    google.modify(address, mails[2]!.id, { addLabelIds: ['STARRED'] });
    google.deliver(address, { text: 'x' });
    const brief = google.deliver(address, { text: 'x' });
    google.delete(address, brief.id);
    await logOf(app, mailbox);
    // Changes that no sync has seen when the build ends.
    app.pushes.pause();
    google.modify(address, mails[3]!.id, { addLabelIds: ['STARRED'] });
    google.delete(address, mails[4]!.id);
    fault.release();
    await snapshotIs(app, mailbox.id);
    const held = (await snapshotOf(app, mailbox.id)) as [string, string, string[]][];
    expect(held.find(([id]) => id === mails[3]!.id)?.[2]).toEqual(['INBOX', 'UNREAD']);
    expect(held.some(([id]) => id === mails[4]!.id)).toBe(true);
    app.pushes.resume();
    google.notify(address);
    await logOf(app, mailbox);
    expect(await snapshotOf(app, mailbox.id)).toEqual(contentsOf(app, address, 'INBOX'));
  });

  it('is built anew for another filter, and dropped by a disconnect', async () => {
    const { google, api } = app;
    const address = 'other-filter@example.com';
    google.addAccount(address);
    google.deliver(address, { text: 'x' });
    google.deliver(address, { text: 'x', labelIds: ['SENT'] });
    google.deliver(address, { text: 'x', labelIds: ['SPAM', 'UNREAD'] });
    const mailbox = await app.connect(address);
    await snapshotIs(app, mailbox.id);
    expect(await snapshotOf(app, mailbox.id)).toHaveLength(1);
    await api.put(`/v1/mailboxes/${mailbox.id}/watch`, {
      labelIds: ['SPAM'],
      labelFilterBehavior: 'exclude',
    });
    await eventually(() => snapshotOf(app, mailbox.id), { until: ({ length }) => length === 2 });
    await snapshotIs(app, mailbox.id);
    await api.delete(`/v1/mailboxes/${mailbox.id}`, 202);
    await eventually(() => api.get(`/v1/mailboxes/${mailbox.id}`), {
      until: ({ status }) => status === 'disconnected',
    });
    const text = 'SELECT 1 FROM mailbox_snapshots WHERE mailbox_id = $1';
    expect(await app.database.dataSource.query(text, [mailbox.id])).toEqual([]);
  });

  it('is done without where ids are no 64-bit numbers', async () => {
    const { google } = app;
    const address = 'odd-ids@example.com';
    google.addAccount(address);
    google.deliver(address, { text: 'x', messageId: 'r-1234567890', internalDate: Date.now() - 86_400_000 });
    const mailbox = await app.connect(address);
    await snapshotIs(app, mailbox.id, 'unsupported');
    google.deliver(address, { text: 'x' });
    expect(await eventually(() => logOf(app, mailbox), { until: ({ length }) => length === 2 })).toBeTruthy();
    expect(await snapshotOf(app, mailbox.id)).toEqual([]);
  });

  it('waits in place when Google limits the rate, and asks nothing before its time', async () => {
    const { google } = app;
    const address = 'limited-build@example.com';
    google.addAccount(address);
    google.deliver(address, { text: 'x' });
    google.failNext({
      ...{ method: 'gmail.users.messages.list', account: address, status: 429, reason: 'rateLimitExceeded' },
      ...{ retryAfter: 2, skip: 3 },
    });
    const mailbox = await app.connect(address);
    await snapshotIs(app, mailbox.id);
    const lists = google.requests.list({ method: 'gmail.users.messages.list', account: address });
    const refused = lists.findIndex(({ status }) => status === 429);
    expect(refused).toBe(3);
    expect(lists[4]!.at - lists[3]!.at).toBeGreaterThan(1_500);
    // One list of the INBOX, one for each other label, and the refused one once more: the build did not begin again.
    expect(lists).toHaveLength(google.mailbox(address).labels.list().length + 1);
  });
});
