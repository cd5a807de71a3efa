import type { gmail_v1 } from 'googleapis/build/src/apis/gmail/index.js';
import type { LocalGoogle } from '../local-google';
import { ANN, connect, READONLY, refusal, startGoogle } from '../testing/connected';

const me = { userId: 'me' };

describe('Gmail history', () => {
  let google: LocalGoogle;
  let gmail: gmail_v1.Gmail;
  let start: string;

  beforeEach(async () => {
    google = await startGoogle();
    google.addAccount(ANN, { labels: ['Later'] });
    ({ gmail } = await connect(google, READONLY));
    start = google.historyId(ANN);
  });

  afterEach(() => google.stop());

  const list = async (
    more: gmail_v1.Params$Resource$Users$History$List = {},
  ): Promise<gmail_v1.Schema$ListHistoryResponse> =>
    (await gmail.users.history.list({ ...me, startHistoryId: start, ...more })).data;

  const readAll = async (
    maxResults: number,
  ): Promise<{ pages: number; records: gmail_v1.Schema$History[] }> => {
    const records: gmail_v1.Schema$History[] = [];
    let pageToken: string | undefined;
    let pages = 0;
    do {
      const page = await list({ maxResults, pageToken });
      records.push(...(page.history ?? []));
      pageToken = page.nextPageToken ?? undefined;
      pages += 1;
    } while (pageToken !== undefined);
    return { pages, records };
  };

  it('reports each kind of change with the labels that belong to it', async () => {
    const { id, threadId } = google.deliver(ANN);
    google.modify(ANN, id, { removeLabelIds: ['UNREAD'] });
    google.trash(ANN, id);
    google.delete(ANN, id);
    const { history = [], historyId } = await list();
    const message = { id, threadId };
    expect(history).toMatchObject([
      { messages: [message], messagesAdded: [{ message: { ...message, labelIds: ['UNREAD', 'INBOX'] } }] },
      { labelsRemoved: [{ message: { ...message, labelIds: ['INBOX'] }, labelIds: ['UNREAD'] }] },
      {
        labelsAdded: [{ message: { ...message, labelIds: ['TRASH'] }, labelIds: ['TRASH'] }],
        labelsRemoved: [{ message: { ...message, labelIds: ['TRASH'] }, labelIds: ['INBOX'] }],
      },
      { messagesDeleted: [{ message: { ...message, labelIds: ['TRASH'] } }] },
    ]);
    expect(historyId).toBe(history.at(-1)?.id);
    expect(google.changes(ANN).map(({ kind }) => kind)).toEqual([
      'messageAdded',
      'labelRemoved',
      'labelAdded',
      'labelRemoved',
      'messageDeleted',
    ]);
  });

  it('can put several changes into one record', async () => {
    const messageId = google.newMessageId();
    const { historyId } = google.record(ANN, {
      added: [{ messageId }],
      labelsAdded: [{ id: messageId, labelIds: ['Label_1'] }],
      labelsRemoved: [{ id: messageId, labelIds: ['INBOX'] }],
    });
    const { history } = await list();
    expect(history).toMatchObject([
      {
        id: historyId,
        messages: [{ id: messageId }],
        messagesAdded: [{ message: { labelIds: ['UNREAD', 'INBOX'] } }],
        labelsAdded: [{ message: { labelIds: ['UNREAD', 'Label_1'] }, labelIds: ['Label_1'] }],
        labelsRemoved: [{ message: { labelIds: ['UNREAD', 'Label_1'] }, labelIds: ['INBOX'] }],
      },
    ]);
  });

  it('pages in order, with ids as decimal strings that only grow', async () => {
    for (let i = 0; i < 7; i += 1) google.deliver(ANN);
    const { pages, records } = await readAll(3);
    const ids = records.map(({ id }) => BigInt(id ?? ''));
    expect(pages).toBe(3);
    expect(ids).toEqual([...ids].sort((a, b) => (a < b ? -1 : 1)));
    expect(records.map(({ id }) => id)).toEqual(google.changes(ANN).map(({ historyId }) => historyId));
  });

  it('leaves history out when there is none', async () => {
    expect(await list()).toEqual({ historyId: start });
    google.silentChange(ANN);
    expect(await list()).toEqual({ historyId: google.historyId(ANN) });
  });

  it('gives empty pages that go on, when switched on', async () => {
    google.switches.emptyHistoryPages = 2;
    for (let i = 0; i < 4; i += 1) google.deliver(ANN);
    const first = await list({ maxResults: 2 });
    expect(first.history).toBeUndefined();
    expect(first.nextPageToken).toBeDefined();
    const { pages, records } = await readAll(2);
    expect(records).toHaveLength(4);
    expect(pages).toBe(7);
  });

  it('filters by kind and by label', async () => {
    const { id } = google.deliver(ANN);
    google.deliver(ANN, { labelIds: ['SENT'] });
    google.modify(ANN, id, { addLabelIds: ['Label_1'] });
    const kinds = await list({ historyTypes: ['labelAdded', 'messageDeleted'] });
    expect(kinds.history).toHaveLength(1);
    const sent = await list({ labelId: 'SENT' });
    expect(sent.history).toHaveLength(1);
    const unknown = { ...me, startHistoryId: start, labelId: 'Label_9' };
    expect((await refusal(gmail.users.history.list(unknown))).status).toBe(404);
  });

  it('answers 404 for ids that expired by age or by order', async () => {
    const gone = { status: 404, error: { message: 'Requested entity was not found.' } };
    google.deliver(ANN);
    google.clock.advance(8 * 86_400_000);
    const { oauth } = await connect(google, READONLY);
    gmail.context._options.auth = oauth;
    expect(await refusal(list())).toMatchObject(gone);
    start = google.historyId(ANN);
    expect(await list()).toEqual({ historyId: start });
    google.expireHistory(ANN);
    expect(await refusal(list())).toMatchObject(gone);
  });

  it('refuses a start that is no id', async () => {
    const broken = { ...me, startHistoryId: '12a' };
    expect((await refusal(gmail.users.history.list(broken))).error).toMatchObject({
      status: 'INVALID_ARGUMENT',
    });
    expect((await refusal(gmail.users.history.list(me))).status).toBe(400);
  });

  it('lags behind what it notified, for so many calls', async () => {
    google.lagHistory(ANN, { calls: 2 });
    const { historyId } = google.deliver(ANN);
    expect(await list()).toEqual({ historyId: start });
    expect(await list()).toEqual({ historyId: start });
    expect(await list()).toMatchObject({ history: [{ id: historyId }], historyId });
  });
});
