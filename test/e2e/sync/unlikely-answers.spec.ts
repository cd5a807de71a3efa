import { MissingMessageService } from '../../../src/sync/history/missing-message.service';
import type { Mailbox } from '../../support/api-types';
import { connectWithoutPushes } from '../../support/connection/connect-without-pushes';
import { logOf } from '../../support/event/mailbox-log';
import { snapshotIs } from '../../support/sync/snapshot';
import { createTestApp, type TestApp } from '../../support/test-app';

const GET = 'gmail.users.messages.get';
const HISTORY = 'gmail.users.history.list';
const PAGE = '<!DOCTYPE html><title>Sign in to the network</title>';

describe('an answer that is none of those that Gmail is to give', () => {
  let app: TestApp;
  let address: string;
  let mailbox: Mailbox;
  let count = 0;
  beforeAll(async () => {
    app = await createTestApp();
    // A message of which Gmail says 404 is believed to be gone at once.
    app.service.application.get(MissingMessageService, { strict: false }).maxMissingMs = 0;
  });
  afterAll(() => app?.close());
  beforeEach(async () => {
    address = `box-${++count}@example.com`;
    mailbox = await connectWithoutPushes(app, address);
    await snapshotIs(app, mailbox.id);
  });
  afterEach(() => app.google.faults.clear());

  const syncNow = () => app.api.post(`/v1/mailboxes/${mailbox.id}/sync`, undefined, 202);
  const eventsSinceConnected = async () => (await logOf(app, mailbox)).slice(1);

  it.each([
    ['of a message', GET, { status: 404, body: PAGE }],
    ['of a message', GET, { status: 404, body: { message: 'no Route matched with those values' } }],
    ['of the history', HISTORY, { status: 404, body: PAGE }],
    ['of the history', HISTORY, { status: 403, body: PAGE }],
    ['of the history', HISTORY, { status: 200, body: PAGE }],
  ])(
    'is asked for again when it came from something in between, and nothing is gone: %s',
    async (_, method, answer) => {
      const { id } = app.google.deliver(address, { subject: 'Still there' });
      const fault = app.google.failNext({ method, account: address, times: 2, ...answer });
      await syncNow();
      expect(await eventsSinceConnected()).toMatchObject([
        {
          type: 'message.added',
          origin: 'live',
          data: { messageId: id, message: { subject: 'Still there' } },
        },
      ]);
      expect(fault.hits).toBe(2);
    },
  );

  it('is a gap when Gmail refuses the place in the history as none (400)', async () => {
    const { id } = app.google.deliver(address);
    const said = { status: 400, reason: 'invalidArgument', message: 'Invalid startHistoryId' };
    // Once in the sync that finds the gap, and once in the one that repairs it.
    app.google.failNext({ method: HISTORY, account: address, times: 2, ...said });
    await syncNow();
    expect(await eventsSinceConnected()).toMatchObject([
      { type: 'message.added', origin: 'backfill', data: { messageId: id } },
      { type: 'mailbox.gap', data: { complete: true, recovered: { 'message.added': 1 } } },
    ]);
  });

  it('is read in the order of its records, each once, when a page has them in another or twice', async () => {
    const { id, threadId } = app.google.deliver(address);
    await syncNow();
    await logOf(app, mailbox);
    const change = { message: { id, threadId, labelIds: ['INBOX'] }, labelIds: ['STARRED'] };
    const starred = app.google.modify(address, id, { addLabelIds: ['STARRED'] });
    const unstarred = app.google.modify(address, id, { removeLabelIds: ['STARRED'] });
    const history = [
      { id: unstarred, labelsRemoved: [change] },
      { id: starred, labelsAdded: [change] },
      { id: unstarred, labelsRemoved: [change] },
    ];
    const body = { history, historyId: unstarred };
    app.google.failNext({ method: HISTORY, account: address, status: 200, body });
    await syncNow();
    expect((await eventsSinceConnected()).slice(1)).toMatchObject([
      { type: 'message.labels_added', data: { historyId: starred } },
      { type: 'message.labels_removed', data: { historyId: unstarred } },
    ]);
  });

  it('is read whole when a page ends between two records with the same id', async () => {
    const { id, threadId } = app.google.deliver(address);
    await syncNow();
    await logOf(app, mailbox);
    const change = (labelId: string) => ({ message: { id, threadId }, labelIds: [labelId] });
    const historyId = app.google.modify(address, id, { addLabelIds: ['STARRED', 'IMPORTANT'] });
    const starred = { id: historyId, labelsAdded: [change('STARRED')] };
    const important = { id: historyId, labelsAdded: [change('IMPORTANT')] };
    const pages = [
      { history: [starred], nextPageToken: '1:0' },
      { history: [starred, important], nextPageToken: undefined },
    ];
    for (const page of pages) {
      const body = { ...page, historyId };
      app.google.failNext({ method: HISTORY, account: address, status: 200, body });
    }
    await syncNow();
    expect((await eventsSinceConnected()).slice(1)).toMatchObject([
      { type: 'message.labels_added', data: { changedLabelIds: ['STARRED'] } },
      { type: 'message.labels_added', data: { changedLabelIds: ['IMPORTANT'] } },
    ]);
  });
});
