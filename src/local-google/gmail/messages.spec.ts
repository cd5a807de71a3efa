import { corpusMail } from '../corpus';
import { corpus } from '../testing/mails';
import type { LocalGoogle } from '../local-google';
import { parseMail } from '../mail/mime-part';
import {
  ANN,
  connect,
  EVERYTHING,
  METADATA_SCOPE,
  MODIFY,
  READONLY,
  refusal,
  startGoogle,
} from '../testing/connected';

const me = { userId: 'me' };

describe('Gmail messages', () => {
  let google: LocalGoogle;

  beforeEach(async () => {
    google = await startGoogle();
    google.addAccount(ANN, { labels: ['Big Clients'] });
  });

  afterEach(() => google.stop());

  it('serves every mail of the corpus in every format', async () => {
    const { gmail } = await connect(google, READONLY);
    for (const { name, raw } of corpus()) {
      const { id } = google.deliver(ANN, { raw });
      for (const format of ['minimal', 'metadata', 'full', 'raw']) {
        const { data } = await gmail.users.messages.get({ ...me, id, format });
        expect([name, format, data.id, data.sizeEstimate]).toEqual([name, format, id, raw.length]);
        if (format === 'raw') expect(Buffer.from(data.raw ?? '', 'base64url').equals(raw)).toBe(true);
      }
    }
  }, 30_000);

  it('gives texts in UTF-8 and attachments by id', async () => {
    const { gmail } = await connect(google, READONLY);
    const { id } = google.deliver(ANN, { raw: 'attachment-pdf' });
    const { data } = await gmail.users.messages.get({ ...me, id });
    const [text, pdf] = data.payload?.parts ?? [];
    expect(Buffer.from(text?.body?.data ?? '', 'base64url').toString()).toBe('The contract is attached.');
    expect(pdf).toMatchObject({ partId: '1', filename: 'contract.pdf', mimeType: 'application/pdf' });
    expect(pdf?.body?.data).toBeUndefined();
    const attachment = await gmail.users.messages.attachments.get({
      ...me,
      messageId: id,
      id: pdf?.body?.attachmentId ?? '',
    });
    const expected = parseMail(corpusMail('attachment-pdf')).parts[1]?.content ?? Buffer.alloc(0);
    expect(Buffer.from(attachment.data.data ?? '', 'base64url').equals(expected)).toBe(true);
    expect(pdf?.body?.size).toBe(expected.length);
  });

  it('keeps the charset of the mail when switched on', async () => {
    const { gmail } = await connect(google, READONLY);
    const { id } = google.deliver(ANN, { raw: 'subject-windows-1252' });
    const read = async (): Promise<Buffer> =>
      Buffer.from(
        (await gmail.users.messages.get({ ...me, id })).data.payload?.body?.data ?? '',
        'base64url',
      );
    expect((await read()).toString('utf8')).toContain('“café”');
    google.switches.originalCharsets = true;
    expect((await read()).includes(0x93)).toBe(true);
  });

  it('gives the headers asked for with format metadata', async () => {
    const { gmail } = await connect(google, METADATA_SCOPE);
    const { id } = google.deliver(ANN, { subject: 'Hello', from: 'x@example.net' });
    const { data } = await gmail.users.messages.get({
      ...me,
      id,
      format: 'metadata',
      metadataHeaders: ['subject', 'From'],
    });
    expect(data.payload?.headers).toEqual([
      { name: 'From', value: 'x@example.net' },
      { name: 'Subject', value: 'Hello' },
    ]);
  });

  it('honours a fields mask and refuses an unknown field', async () => {
    const { gmail } = await connect(google, READONLY);
    const { id } = google.deliver(ANN, { raw: 'attachment-pdf' });
    const fields = 'id,payload(headers,parts(filename,body(size,attachmentId)))';
    const { data } = await gmail.users.messages.get({ ...me, id, fields });
    expect(Object.keys(data)).toEqual(['id', 'payload']);
    expect(Object.keys(data.payload?.parts?.[0]?.body ?? {})).toEqual(['size']);
    expect(await refusal(gmail.users.messages.get({ ...me, id, fields: 'id,bodies' }))).toMatchObject({
      status: 400,
      error: { errors: [{ reason: 'invalidParameter', location: 'fields' }] },
    });
  });

  it('puts a reply into the thread that it answers', () => {
    const first = google.deliver(ANN, { raw: 'plain' });
    const second = google.deliver(ANN, { raw: 'reply' });
    const third = google.reply(ANN, second.id, { text: 'And another.' });
    const other = google.deliver(ANN);
    expect([first.threadId, second.threadId, third.threadId]).toEqual([first.id, first.id, first.id]);
    expect(other.threadId).toBe(other.id);
  });

  it('lists newest first, page by page, whatever arrives meanwhile', async () => {
    const { gmail } = await connect(google, READONLY);
    const ids = Array.from({ length: 7 }, (_, i) => google.deliver(ANN, { internalDate: 1000 * i }).id);
    const first = (await gmail.users.messages.list({ ...me, maxResults: 3 })).data;
    google.deliver(ANN);
    const second = await gmail.users.messages.list({
      ...me,
      maxResults: 3,
      pageToken: first.nextPageToken ?? '',
    });
    const third = await gmail.users.messages.list({ ...me, pageToken: second.data.nextPageToken ?? '' });
    const pages = [first, second.data, third.data].flatMap(({ messages = [] }) =>
      messages.map(({ id }) => id),
    );
    expect(pages).toEqual(ids.reverse());
    expect(third.data.nextPageToken).toBeUndefined();
  });

  it('searches by time, place, label and message id', async () => {
    const { gmail } = await connect(google, READONLY);
    const old = google.deliver(ANN, {
      internalDate: Date.UTC(2026, 0, 5),
      rfc822MessageId: '<one@example.net>',
    });
    const labelled = google.deliver(ANN, { internalDate: Date.UTC(2026, 4, 5), labelIds: ['Label_1'] });
    const trashed = google.deliver(ANN, {
      internalDate: Date.UTC(2026, 4, 6),
      labelIds: ['TRASH', 'UNREAD'],
    });
    const search = async (q: string): Promise<unknown[]> =>
      ((await gmail.users.messages.list({ ...me, q })).data.messages ?? []).map(({ id }) => id);
    expect(await search('after:2026/05/01')).toEqual([labelled.id]);
    expect(await search(`before:${Date.UTC(2026, 1) / 1000}`)).toEqual([old.id]);
    expect(await search('label:big-clients')).toEqual([labelled.id]);
    expect(await search('rfc822msgid:one@example.net')).toEqual([old.id]);
    expect(await search('in:trash')).toEqual([trashed.id]);
    expect(await search('in:anywhere -in:inbox')).toEqual([trashed.id, labelled.id]);
    const all = await gmail.users.messages.list({ ...me, includeSpamTrash: true, labelIds: ['UNREAD'] });
    expect(all.data.messages).toHaveLength(2);
  });

  it('holds the metadata scope to headers, lists without q, and no attachments', async () => {
    const { gmail } = await connect(google, METADATA_SCOPE);
    const { id } = google.deliver(ANN);
    const forbidden = { status: 403, error: { code: 403, status: 'PERMISSION_DENIED' } };
    expect(await refusal(gmail.users.messages.list({ ...me, q: 'in:inbox' }))).toMatchObject(forbidden);
    expect(await refusal(gmail.users.messages.get({ ...me, id, format: 'full' }))).toMatchObject({
      status: 403,
      error: { message: "Metadata scope doesn't allow format FULL", errors: [{ reason: 'forbidden' }] },
    });
    expect(
      await refusal(gmail.users.messages.attachments.get({ ...me, messageId: id, id: 'x' })),
    ).toMatchObject(forbidden);
  });

  it('changes nothing with a scope that is too narrow', async () => {
    const { gmail } = await connect(google, READONLY);
    const { id } = google.deliver(ANN);
    expect(await refusal(gmail.users.messages.trash({ ...me, id }))).toMatchObject({
      status: 403,
      error: {
        errors: [{ reason: 'insufficientPermissions', domain: 'global' }],
        details: [{ reason: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT' }],
      },
    });
  });

  it('modifies, trashes and deletes', async () => {
    const { gmail } = await connect(google, `${MODIFY} ${EVERYTHING}`);
    const { id, threadId } = google.deliver(ANN);
    const requestBody = { addLabelIds: ['Label_1'], removeLabelIds: ['UNREAD'] };
    const modified = await gmail.users.messages.modify({ ...me, id, requestBody });
    expect(modified.data).toEqual({ id, threadId, labelIds: ['INBOX', 'Label_1'] });
    expect((await gmail.users.messages.trash({ ...me, id })).data.labelIds).toEqual(['Label_1', 'TRASH']);
    expect((await gmail.users.messages.delete({ ...me, id })).status).toBe(204);
    expect(await refusal(gmail.users.messages.get({ ...me, id }))).toMatchObject({
      status: 404,
      error: {
        message: 'Requested entity was not found.',
        status: 'NOT_FOUND',
        errors: [{ reason: 'notFound' }],
      },
    });
    for (const label of ['Label_9', 'SENT', 'DRAFT']) {
      const refused = { requestBody: { addLabelIds: [label] }, ...me, id: google.deliver(ANN).id };
      expect(await refusal(gmail.users.messages.modify(refused))).toMatchObject({
        status: 400,
        error: { message: `Invalid label: ${label}`, status: 'INVALID_ARGUMENT' },
      });
    }
  });

  it('leaves labelIds out of a message without labels, as Google does', async () => {
    const { gmail } = await connect(google, READONLY);
    const { id } = google.deliver(ANN, { labelIds: [] });
    expect((await gmail.users.messages.get({ ...me, id, format: 'minimal' })).data).not.toHaveProperty(
      'labelIds',
    );
  });

  it('counts messages by label', async () => {
    const { gmail } = await connect(google, READONLY);
    google.deliver(ANN);
    google.deliver(ANN, { labelIds: ['INBOX'] });
    const { data } = await gmail.users.labels.get({ ...me, id: 'INBOX' });
    expect(data).toMatchObject({ type: 'system', messagesTotal: 2, messagesUnread: 1 });
    const { labels } = (await gmail.users.labels.list(me)).data;
    expect(labels?.find(({ id }) => id === 'Label_1')).toMatchObject({ name: 'Big Clients', type: 'user' });
    expect((await refusal(gmail.users.labels.get({ ...me, id: 'Label_7' }))).status).toBe(404);
  });

  it('opens no other mailbox, and none whose mail service is off', async () => {
    const { gmail } = await connect(google, READONLY);
    google.addAccount('bob@example.com');
    expect((await refusal(gmail.users.getProfile({ userId: 'bob@example.com' }))).error).toMatchObject({
      code: 403,
      message: `Delegation denied for ${ANN}`,
    });
    expect((await gmail.users.getProfile({ userId: ANN.toUpperCase() })).data.emailAddress).toBe(ANN);
    google.mailServiceNotEnabled(ANN);
    expect((await refusal(gmail.users.getProfile(me))).error).toMatchObject({
      code: 400,
      message: 'Mail service not enabled',
      status: 'FAILED_PRECONDITION',
      errors: [{ reason: 'failedPrecondition' }],
    });
  });
});
