import type { Mailbox } from '../../support/api-types';
import { logOf, messageEvents } from '../../support/event/mailbox-log';
import { ofType } from '../../support/event/of-type';
import { createTestApp, type TestApp } from '../../support/test-app';

const MODIFY = 'https://www.googleapis.com/auth/gmail.modify';
const READONLY = 'https://www.googleapis.com/auth/gmail.readonly';
const CALL = 'gmail.users.messages.modify';

describe('changing and listing mail', () => {
  let app: TestApp;
  let address: string;
  let mailbox: Mailbox;
  let count = 0;
  beforeAll(async () => void (app = await createTestApp({ GMAIL_SCOPES: MODIFY })));
  afterAll(() => app?.close());
  beforeEach(async () => {
    address = `owner-${++count}@example.com`;
    mailbox = await app.connect(address, { labelIds: [] });
  });

  const path = (messageId: string) => `/v1/mailboxes/${mailbox.id}/messages/${messageId}/modify` as const;
  const delivered = async (input = {}) => {
    const { id } = app.google.deliver(address, input);
    await logOf(app, mailbox);
    return id;
  };
  const list = (query = '') => app.api.get(`/v1/mailboxes/${mailbox.id}/messages?${query}`);

  it('changes the labels of a message for 5 units and says which it has then', async () => {
    const id = await delivered();
    app.google.requests.clear();
    const changed = await app.api.post(path(id), { addLabelIds: ['STARRED'], removeLabelIds: ['UNREAD'] });
    expect(changed).toEqual({ messageId: id, labelIds: ['INBOX', 'STARRED'] });
    const calls = app.google.requests.list({ method: CALL });
    expect(calls.map(({ units }) => units)).toEqual([5]);
    // Settings unset: it is reported like any other.
    const events = messageEvents(await logOf(app, mailbox));
    expect(ofType(events, 'message.labels_added').map(({ data }) => data.changedLabelIds)).toEqual([
      ['STARRED'],
    ]);
    expect(ofType(events, 'message.labels_removed').map(({ data }) => data.changedLabelIds)).toEqual([
      ['UNREAD'],
    ]);
  });

  it('answers 400 for an unknown label, for neither list, and for a label in both', async () => {
    const id = await delivered();
    app.google.requests.clear();
    for (const body of [
      {},
      { addLabelIds: [] },
      { addLabelIds: null },
      { addLabelIds: ['STARRED'], removeLabelIds: ['STARRED'] },
      { addLabelIds: 'STARRED' },
      { addLabelIds: ['STARRED'], colour: 'red' },
    ])
      expect(await app.api.post(path(id), body, 400)).toMatchObject({ code: 'validation_failed' });
    expect(app.google.requests.count({ method: CALL })).toBe(0);
    expect(await app.api.post(path(id), { addLabelIds: ['STARRED', 'Label_99'] }, 400)).toMatchObject({
      errors: [{ path: 'addLabelIds', message: expect.stringContaining('Label_99') }],
    });
    expect(await app.api.post(path(id), { removeLabelIds: ['Label_98'] }, 400)).toMatchObject({
      errors: [{ path: 'removeLabelIds', message: expect.stringContaining('Label_98') }],
    });
  });

  it('answers 404 for a message that is gone or cannot be', async () => {
    const id = await delivered();
    app.google.vanish(address, id);
    for (const unknown of [id, 'not-hex', 'x.y'])
      expect(await app.api.post(path(unknown), { addLabelIds: ['STARRED'] }, 404)).toMatchObject({
        code: 'not_found',
      });
  });

  it('needs gmail.modify among GMAIL_SCOPES, in the grant too, and says so', async () => {
    const [own, id] = [await createTestApp({ GMAIL_SCOPES: READONLY }, app.google), await delivered()];
    try {
      const reader = await own.connect('reader@example.com');
      own.google.requests.clear();
      expect(
        await own.api.post(
          `/v1/mailboxes/${reader.id}/messages/${id}/modify`,
          { addLabelIds: ['STARRED'] },
          403,
        ),
      ).toMatchObject({ code: 'insufficient_scope', detail: expect.stringContaining(MODIFY) });
      expect(own.google.requests.count({ method: CALL })).toBe(0);
    } finally {
      await own.service.stop();
      await own.database.drop();
    }
    app.google.failNext({ method: CALL, account: address, status: 403, reason: 'insufficientPermissions' });
    expect(await app.api.post(path(id), { addLabelIds: ['STARRED'] }, 403)).toMatchObject({
      code: 'insufficient_scope',
      detail: expect.stringContaining(MODIFY),
    });
    expect(await app.api.get(`/v1/mailboxes/${mailbox.id}`)).toMatchObject({ status: 'active' });
  });

  it('lists the newest messages first, page by page, 5 units a page', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 5; n++) ids.unshift(await delivered({ internalDate: Date.now() + n * 1_000 }));
    app.google.requests.clear();
    const found: string[] = [];
    let query = 'limit=2';
    for (let pages = 1; ; pages++) {
      const { data, nextCursor } = await list(query);
      found.push(...data.map(({ id }) => id));
      expect(app.google.unitsUsed(address)).toBe(5 * pages);
      if (nextCursor === null) break;
      query = `limit=2&cursor=${encodeURIComponent(nextCursor)}`;
    }
    expect(found).toEqual(ids);
    expect((await list()).data[0]).toEqual({ id: ids[0], threadId: ids[0] });
  });

  it('searches by q and by labels, and leaves spam and trash out unless they are asked for', async () => {
    const hay = await delivered({ subject: 'hay' });
    const needle = await delivered({ subject: 'needle', labelIds: ['INBOX', 'STARRED'] });
    const trashed = await delivered({ subject: 'needle', labelIds: ['TRASH'] });
    const ids = async (query: string) => (await list(query)).data.map(({ id }) => id).sort();
    expect(await ids('')).toEqual([hay, needle].sort());
    expect(await ids('q=needle')).toEqual([needle]);
    expect(await ids('q=needle%20in:anywhere')).toEqual([needle, trashed].sort());
    expect(await ids('labelIds=INBOX,STARRED')).toEqual([needle]);
    expect(await ids('labelIds=INBOX')).toEqual([hay, needle].sort());
    expect(await ids('labelIds=TRASH')).toEqual([trashed]);
    expect(await ids('q=nothing')).toEqual([]);
  });

  it('answers 400 for an unknown label and for a cursor that is none', async () => {
    const refused = (query: string) => app.api.get(`/v1/mailboxes/${mailbox.id}/messages?${query}`, 400);
    expect(await refused('labelIds=Label_99')).toMatchObject({ errors: [{ path: 'labelIds' }] });
    expect(await refused('cursor=nonsense')).toMatchObject({ errors: [{ path: 'cursor' }] });
    expect(await refused('limit=501')).toMatchObject({ errors: [{ path: 'limit' }] });
    expect(await refused('labelIds=')).toMatchObject({ errors: [{ path: 'labelIds' }] });
  });
});
