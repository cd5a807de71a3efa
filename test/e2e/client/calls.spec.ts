import { Inboxwire, InboxwireProblem, type Mailbox, paginate } from 'inboxwire-client';
import { freePort } from '../../support/free-port';
import { mailWithAttachment } from '../../support/mail/mail-with-attachment';
import { API_KEY, createTestApp, type TestApp } from '../../support/test-app';

describe('calling the API with the client', () => {
  let app: TestApp;
  let inboxwire: Inboxwire;
  let ada: Mailbox;
  beforeAll(async () => {
    app = await createTestApp();
    inboxwire = new Inboxwire({ baseUrl: `${app.service.address}/`, apiKey: API_KEY });
    ada = await app.connect('ada@example.com', { externalId: 'user-1' });
  });
  afterAll(() => app?.close());

  const problemOf = (call: Promise<unknown>) =>
    call.then(
      () => undefined,
      (error: unknown) => error,
    );

  it('gives what was answered, for every kind of request', async () => {
    const { data } = await inboxwire.listMailboxes({ query: { externalId: 'user-1', status: 'active' } });
    expect(data).toEqual([await inboxwire.getMailbox({ path: { id: ada.id } })]);
    expect(data[0]!.emailAddress).toBe('ada@example.com');
    const { secret, ...endpoint } = await inboxwire.createEndpoint({
      body: { url: 'https://example.com/hook', eventTypes: ['message.added'] },
    });
    expect(secret).toMatch(/^whsec_/);
    const path = { id: endpoint.id };
    const changed = await inboxwire.updateEndpoint({ path, body: { description: 'Of the CRM' } });
    expect(changed).toEqual({ ...endpoint, description: 'Of the CRM' });
    const rotated = await inboxwire.rotateEndpointSecret({ path });
    expect(rotated).toEqual({ ...changed, secret: expect.stringMatching(/^whsec_/) });
    expect(rotated.secret).not.toBe(secret);
    expect(await inboxwire.recoverDeliveries({ path })).toEqual({ count: 0 });
    await inboxwire.deleteEndpoint({ path });
    expect(await inboxwire.listEndpoints()).toEqual({ data: [], nextCursor: null });
  });

  it('sends an Idempotency-Key', async () => {
    const headers = { 'Idempotency-Key': crypto.randomUUID() };
    const [one, again] = [
      await inboxwire.createConnectSession({ body: {}, headers }),
      await inboxwire.createConnectSession({ body: {}, headers }),
    ];
    expect(again).toEqual(one);
  });

  it('reads everything in a list, page by page', async () => {
    const others = [];
    for (const name of ['bob', 'cid']) others.push((await app.connect(`${name}@example.com`)).id);
    const ids: string[] = [];
    for await (const { id } of paginate((cursor) => inboxwire.listMailboxes({ query: { cursor, limit: 1 } })))
      ids.push(id);
    expect(ids.sort()).toEqual([ada.id, ...others].sort());
    const types = ['mailbox.connected', 'mailbox.disconnected'] as const;
    const events: unknown[] = [];
    for await (const event of paginate((after) =>
      inboxwire.listEvents({ query: { after, types: [...types], limit: 2 } }),
    ))
      events.push(event);
    expect(events).toEqual(await app.api.events({ types: types.join(',') }));
    expect(events).toHaveLength(3);
  });

  it('gives the bytes of an attachment, whatever type it claims to be', async () => {
    const text = '{"no": "JSON of the API"}';
    const { id: messageId } = app.google.deliver('ada@example.com', {
      raw: mailWithAttachment(Buffer.from(text)),
    });
    const path = { id: ada.id, messageId };
    const { attachments } = await inboxwire.getMessage({ path });
    const attachmentId = attachments[0]!.id!;
    const attachment = await inboxwire.getAttachment({
      path: { ...path, attachmentId },
      query: { type: 'application/json' },
    });
    expect(await attachment.text()).toBe(text);
  });

  it('throws a problem that says all that the service said', async () => {
    const missing = await problemOf(inboxwire.getMailbox({ path: { id: 'mbx_1' } }));
    expect(missing).toBeInstanceOf(InboxwireProblem);
    expect(missing).toMatchObject({ status: 404, code: 'not_found', requestId: expect.stringMatching(/.+/) });
    const faulty = await problemOf(
      inboxwire.createEndpoint({ body: { url: 'https://example.com', ordering: 'any' as 'none' } }),
    );
    expect(faulty).toMatchObject({
      status: 400,
      code: 'validation_failed',
      errors: [{ path: 'ordering', message: expect.anything() }],
      message: expect.stringContaining('ordering: '),
    });
    const { key } = await inboxwire.createApiKey({ body: { name: 'reader', scopes: ['read'] } });
    // The key of the moment: an application may replace it.
    const reader = new Inboxwire({ baseUrl: app.service.address, apiKey: () => Promise.resolve(key) });
    expect(await problemOf(reader.syncMailbox({ path: { id: ada.id } }))).toMatchObject({
      code: 'missing_scope',
      requiredScope: 'write',
    });
  });

  it('says so when there is no Inboxwire at the given address, and passes on that nobody is', async () => {
    const baseUrl = `http://127.0.0.1:${await freePort()}`;
    const nobody = await problemOf(new Inboxwire({ baseUrl, apiKey: API_KEY }).listMailboxes());
    expect(nobody).toMatchObject({ message: 'fetch failed', cause: { code: 'ECONNREFUSED' } });
    const date = new Date(Date.now() + 90_000).toUTCString();
    const proxy = () =>
      Promise.resolve(
        new Response('<h1>Bad gateway</h1>', { status: 502, headers: { 'retry-after': date } }),
      );
    const error = await problemOf(new Inboxwire({ baseUrl, apiKey: API_KEY, fetch: proxy }).listMailboxes());
    expect(error).toMatchObject({ status: 502, code: 'http_502', requestId: undefined });
    expect((error as InboxwireProblem).retryAfter).toBeGreaterThan(80);
    expect(() => new Inboxwire({ baseUrl: 'inboxwire', apiKey: API_KEY })).toThrow('Invalid URL');
  });
});
