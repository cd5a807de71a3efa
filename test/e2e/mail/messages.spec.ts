import { corpus } from '../../../src/local-google/testing/mails';
import type { Mailbox } from '../../support/api-types';
import { eventually } from '../../support/eventually';
import { logOf, messageEvents } from '../../support/event/mailbox-log';
import { ofType } from '../../support/event/of-type';
import { MailReader } from '../../support/mail/mail-reader';
import { useUp } from '../../support/gmail/quota';
import { createTestApp, type TestApp } from '../../support/test-app';

const GET = 'gmail.users.messages.get';
/** A slot of the quota's minute. */
const SLOT_MS = 2_500;
const LABELS = 'gmail.users.labels.list';

describe('reading mail', () => {
  /** The application of all tests that need no settings of their own, each with a mailbox of its own. */
  let shared: TestApp;
  let own: TestApp | undefined;
  let app: TestApp;
  let address: string;
  let mailbox: Mailbox;
  let count = 0;
  let reader: MailReader;
  const read = <const P extends string>(path: P) => reader.read(path);
  const begin = async (settings?: Record<string, string>) => {
    own = settings && (await createTestApp(settings));
    app = own ?? shared;
    address = `reader-${++count}@example.com`;
    mailbox = await app.connect(address);
    reader = new MailReader(app.service.address, mailbox.id);
  };
  const delivered = async (input = {}) => {
    const { id } = app.google.deliver(address, input);
    await logOf(app, mailbox);
    app.google.requests.clear();
    return id;
  };
  const status = async () => (await app.api.get(`/v1/mailboxes/${mailbox.id}`)).status;
  beforeAll(async () => void (shared = await createTestApp()));
  afterEach(async () => {
    await own?.close();
    own = undefined;
  });
  afterAll(() => shared?.close());

  it('gives every mail of the corpus as its event did, with its headers, and as it was received', async () => {
    await begin({ MESSAGE_PAYLOAD: 'full', GMAIL_UNITS_PER_MINUTE_MAILBOX: '1000000' });
    const mails = corpus().map(({ name, raw }) => ({ name, raw, ...app.google.deliver(address, { raw }) }));
    const events = messageEvents(await logOf(app, mailbox));
    for (const { name, raw, id } of mails) {
      const { data } = ofType(events, 'message.added').find((event) => event.data.messageId === id)!;
      const full = (await read(`/messages/${id}`)).body;
      const { id: own, threadId, historyId, labelIds, allHeaders, ...message } = full;
      expect([name, own, threadId, labelIds]).toEqual([name, id, data.threadId, data.labelIds]);
      expect(historyId).toMatch(/^\d+$/);
      expect([name, Array.isArray(allHeaders)]).toEqual([name, true]);
      // Gmail gives an attachment another id with every read; the log holds no NUL characters.
      const comparable = (part: unknown): unknown =>
        JSON.parse(
          JSON.stringify(part, (key, value: unknown) => (key === 'id' ? typeof value : value)).replaceAll(
            '\\u0000',
            '\ufffd',
          ),
        );
      expect([name, comparable(message)]).toEqual([name, comparable(data.message)]);

      const metadata = (await read(`/messages/${id}?format=metadata`)).body;
      const withoutTexts = { ...full };
      delete withoutTexts.text;
      delete withoutTexts.html;
      expect([name, comparable(metadata)]).toEqual([name, comparable(withoutTexts)]);

      const mail = await reader.readBytes(`/messages/${id}?format=raw`);
      expect([name, mail.body.equals(raw)]).toEqual([name, true]);
      expect(mail.headers.get('content-type')).toBe('message/rfc822');
      expect(mail.headers.get('content-disposition')).toMatch(/^attachment; filename="[0-9a-f]+\.eml"/);
      expect(mail.headers.get('x-content-type-options')).toBe('nosniff');
    }
  }, 120_000);

  it('costs 20 units, counted with those of the mailbox, and labels cost 1', async () => {
    await begin();
    const id = await delivered();
    const budget = async () => {
      const rows = await app.database.dataSource.query<{ reserved: string }[]>(
        'SELECT reserved FROM gmail_budgets WHERE name = $1',
        [mailbox.id],
      );
      return Number(rows[0]!.reserved);
    };
    const before = await budget();
    for (const format of ['metadata', 'full', 'raw'])
      expect((await read(`/messages/${id}?format=${format}`)).status).toBe(200);
    expect((await budget()) - before).toBe(60);
    const { body } = await read('/labels');
    expect((await budget()) - before).toBe(61);
    expect(app.google.unitsUsed(address)).toBe(61);
    expect(body).toEqual({ data: expect.any(Array), nextCursor: null });
    expect(body.data).toContainEqual({
      ...{ id: 'INBOX', name: 'INBOX', type: 'system' },
      ...{ messageListVisibility: null, labelListVisibility: null, color: null },
    });
    const own = app.google.mailbox(address).labels.add('Customers');
    expect((await read('/labels')).body.data).toContainEqual(
      expect.objectContaining({ ...own, labelListVisibility: 'labelShow' }),
    );
  });

  it('answers 404 for what is not there, and asks Google for nothing that cannot be an id', async () => {
    await begin();
    const id = await delivered();
    app.google.vanish(address, id);
    for (const format of ['metadata', 'full', 'raw'])
      expect((await read(`/messages/${id}?format=${format}`)).body).toMatchObject({
        status: 404,
        code: 'not_found',
      });
    expect((await read('/messages/not-hex')).status).toBe(404);
    app.google.requests.clear();
    for (const path of ['..%2F..%2Flabels', 'a%2Fb', 'x%00', '%3Fq', 'x'.repeat(65), 'a.b', 'a%20b'])
      expect([path, (await read(`/messages/${path}`)).body.code]).toEqual([path, 'not_found']);
    expect((await read(`/messages/${id}?format=minimal`)).body).toMatchObject({
      status: 400,
      code: 'validation_failed',
    });
    const elsewhere = new MailReader(app.service.address, 'mbx_01h455vb4pex5vsknk084sn02q');
    for (const path of [`/messages/${id}`, '/labels', `/messages/${id}/attachments/x`])
      expect((await elsewhere.read(path)).body).toMatchObject({ status: 404, code: 'not_found' });
    expect(app.google.requests.count({ method: 'gmail.' })).toBe(0);
  });

  it('waits for a moment when the quota of the mailbox is used up, and answers 429 when it would be longer', async () => {
    await begin();
    const id = await delivered();
    await useUp(app, [mailbox.id]);
    const refused = await read(`/messages/${id}`);
    expect(refused.body).toMatchObject({ status: 429, code: 'rate_limited' });
    const seconds = Number(refused.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(30);
    expect(seconds).toBeLessThanOrEqual(70);
    expect(app.google.requests.count({ method: GET })).toBe(0);
    // What was spent in the oldest slot that counts comes back when the present one ends, in a second or so.
    await eventually(() => Date.now() % SLOT_MS > 0.3 * SLOT_MS && Date.now() % SLOT_MS < 0.6 * SLOT_MS);
    await app.database.dataSource.query(
      `UPDATE gmail_budgets SET reserved = reserved + 1, units = array_fill(0, ARRAY[26]) || ARRAY[6000],
         slot = floor(extract(epoch FROM clock_timestamp()) * 1000 / ${SLOT_MS}) WHERE name = $1`,
      [mailbox.id],
    );
    const start = Date.now();
    expect((await read(`/messages/${id}`)).status).toBe(200);
    expect(Date.now() - start).toBeGreaterThan(0.3 * SLOT_MS);
  });

  it('leaves a part of the quota to the syncs', async () => {
    await begin();
    const id = await delivered();
    await useUp(app, [mailbox.id]);
    await app.database.dataSource.query(`UPDATE gmail_budgets SET units = '{5500}' WHERE units[1] = 6000`);
    expect((await read(`/messages/${id}`)).status).toBe(429);
    const later = app.google.deliver(address);
    expect(messageEvents(await logOf(app, mailbox)).map(({ data }) => data.messageId)).toEqual([
      id,
      later.id,
    ]);
  });

  it('asks nothing while Google wants to be left alone, and says until when', async () => {
    await begin();
    const id = await delivered();
    app.google.failNext({ method: GET, status: 403, reason: 'userRateLimitExceeded', retryAfter: 600 });
    for (const path of [`/messages/${id}?format=raw`, `/messages/${id}`, '/labels']) {
      const { headers, body } = await read(path);
      expect(body).toMatchObject({ status: 429, code: 'rate_limited' });
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(590);
    }
    expect(app.google.requests.count({ method: 'gmail.' })).toBe(1);
  });

  it.each([
    [{ status: 503, reason: 'backendError' }, 503, 'google_unavailable', '5'],
    [{ dropConnection: true }, 503, 'google_unavailable', '5'],
    [{ status: 200, body: 'not what was asked for' }, 503, 'google_unavailable', '5'],
    [{ status: 403, reason: 'domainPolicy' }, 502, 'google_refused', null],
    [
      { status: 400, reason: 'failedPrecondition', message: 'Mail service not enabled' },
      502,
      'google_refused',
      null,
    ],
    [{ status: 403, reason: 'insufficientPermissions' }, 403, 'insufficient_scope', null],
  ])("reports Google's %j as %i %s", async (fault, expected, code, retryAfter) => {
    await begin();
    const id = await delivered();
    for (const format of ['full', 'raw']) {
      app.google.failNext({ method: GET, ...fault });
      const { headers, body } = await read(`/messages/${id}?format=${format}`);
      expect(body).toMatchObject({ status: expected, code });
      expect(headers.get('content-type')).toMatch('application/problem+json');
      expect(headers.get('retry-after')).toBe(retryAfter);
      expect(JSON.stringify(body)).not.toMatch(/ya29|Bearer |\bat .*\.[jt]s:/);
    }
    expect(await status()).toBe('active');
    expect(app.logs.filter((line) => line.includes('Bearer '))).toEqual([]);
  });

  it('replaces an access token that died before its time, and goes on', async () => {
    await begin();
    const id = await delivered();
    for (const format of ['full', 'raw']) {
      app.google.killAccessTokens(address);
      expect((await read(`/messages/${id}?format=${format}`)).status).toBe(200);
    }
  });

  it('finds a grant dead: the mailbox needs its owner again, which one event reports, and no more calls are made', async () => {
    await begin();
    const id = await delivered();
    app.google.revokeByUser(address);
    expect((await read(`/messages/${id}?format=raw`)).body).toMatchObject({
      status: 409,
      code: 'mailbox_not_active',
    });
    expect(await status()).toBe('reauthorization_required');
    app.google.requests.clear();
    for (const path of [`/messages/${id}`, '/labels'])
      expect((await read(path)).body).toMatchObject({ status: 409, code: 'mailbox_not_active' });
    expect(app.google.requests.list()).toEqual([]);
    const events = await app.api.events({
      mailboxId: mailbox.id,
      types: 'mailbox.reauthorization_required',
    });
    expect(events.map(({ data }) => data)).toEqual([{ reason: 'invalid_grant' }]);
  });

  it('with gmail.metadata gives headers and labels, and for the rest says what to do, without asking Google', async () => {
    await begin({ GMAIL_SCOPES: 'https://www.googleapis.com/auth/gmail.metadata' });
    const id = await delivered({ raw: 'attachment-pdf' });
    for (const path of [
      `/messages/${id}`,
      `/messages/${id}?format=full`,
      `/messages/${id}?format=raw`,
      `/messages/${id}/attachments/ANGjdJ`,
    ]) {
      const { body } = await read(path);
      expect(body).toMatchObject({ status: 403, code: 'insufficient_scope' });
      expect(body.detail).toMatch(/format=metadata.*gmail\.readonly/);
    }
    expect(app.google.requests.list()).toEqual([]);
    const { body } = await read(`/messages/${id}?format=metadata`);
    expect(body).toMatchObject({ id, subject: expect.any(String), attachments: [] });
    expect((await read('/labels')).status).toBe(200);
    expect(await status()).toBe('active');
  });

  it('gives a call up when the client hangs up, and logs no error', async () => {
    await begin();
    const id = await delivered();
    const [logged, givenUp] = [app.logs.length, app.google.givenUp];
    const fault = app.google.failNext({ method: LABELS, hang: true });
    const request = reader.request('/labels');
    await eventually(() => fault.hits === 1);
    request.destroy();
    await eventually(() => app.google.givenUp === givenUp + 1);
    fault.release();
    expect((await read(`/messages/${id}`)).status).toBe(200);
    expect(app.logs.slice(logged).filter((line) => /"level":"?(warn|error|40|50)/.test(line))).toEqual([]);
  });
});
