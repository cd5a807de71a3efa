import { eventually } from '../../support/eventually';
import { logOf, messageEvents } from '../../support/event/mailbox-log';
import { createTestApp, type TestApp } from '../../support/test-app';

const ADA = 'ada@example.com';
const LINK = 'https://console.cloud.google.com/apis/library/gmail.googleapis.com ';
const NOT_ENABLED = {
  status: 403,
  reason: 'accessNotConfigured',
  message:
    'Gmail API has not been used in project 1234567890 before or it is disabled. Enable it by visiting ' +
    'https://console.developers.google.com/apis/api/gmail.googleapis.com/overview?project=1234567890 then retry.',
};

describe('a project without the Gmail API', () => {
  let app: TestApp;
  afterEach(() => app?.close());

  it('says in lastError and in the log where the Gmail API is enabled', async () => {
    app = await createTestApp();
    const mailbox = await app.connect(ADA);
    await logOf(app, mailbox);
    app.google.failNext({ method: 'gmail.users.history.list', ...NOT_ENABLED });
    const { id } = app.google.deliver(ADA);
    const { lastError } = await eventually(
      async () => (await app.api.get(`/v1/mailboxes/${mailbox.id}`)).sync,
      {
        until: ({ lastError }) => lastError !== null,
      },
    );
    expect(lastError!.code).toBe('gmail_api_not_enabled');
    expect(lastError!.message).toContain(LINK);
    expect(app.logs.filter((line) => line.includes(LINK))).not.toEqual([]);
    // It is enabled: nothing is lost.
    await app.api.post(`/v1/mailboxes/${mailbox.id}/sync`, undefined, 202);
    expect(messageEvents(await logOf(app, mailbox)).map(({ data }) => data.messageId)).toEqual([id]);
  });

  it('says so to an application that reads, and to one that starts a watch', async () => {
    app = await createTestApp();
    const mailbox = await app.connect(ADA);
    app.google.failNext({ method: 'gmail.users.labels.list', ...NOT_ENABLED });
    const read = await app.api.get(`/v1/mailboxes/${mailbox.id}/labels`, 502);
    expect(read).toMatchObject({ code: 'google_refused', detail: expect.stringContaining(LINK) });
    app.google.failNext({ method: 'gmail.users.watch', ...NOT_ENABLED });
    await app.api.put(`/v1/mailboxes/${mailbox.id}/watch`, { labelIds: ['INBOX'] }, 502);
    const { watch } = await app.api.get(`/v1/mailboxes/${mailbox.id}`);
    expect(watch!.lastError).toMatchObject({
      code: 'gmail_api_not_enabled',
      message: expect.stringContaining(LINK),
    });
  });
});
