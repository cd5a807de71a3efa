import { createTestApp, type TestApp } from '../../support/test-app';

describe('the mailboxes API', () => {
  let app: TestApp;
  beforeAll(async () => void (app = await createTestApp()));
  afterAll(() => app.close());

  const raw = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
    fetch(`${app.service.address}${path}`, { method, headers });

  it.each([
    ['GET', '/v1/mailboxes'],
    ['POST', '/v1/connect-sessions'],
    ['DELETE', '/v1/mailboxes/mbx_01h455vb4pex5vsknk084sn02q'],
    ['GET', '/v1/events'],
    ['GET', '/%76%31/mailboxes'],
    ['GET', '/v1/nothing/here'],
  ])('asks for the key: %s %s', async (method, path) => {
    const answer = await raw(path, {}, method);
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    expect(await answer.json()).toMatchObject({ code: 'unauthorized', status: 401 });
  });

  it.each(['Bearer wrong', 'Bearer', 'Basic dGVzdA==', 'test-key-of-at-least-24-characters'])(
    'refuses the key %j',
    async (authorization) => expect((await raw('/v1/mailboxes', { authorization })).status).toBe(401),
  );

  it('takes the key in any letter case of its scheme, and asks for none elsewhere', async () => {
    const authorization = `bearer ${app.environment.API_KEY}`;
    expect((await raw('/v1/mailboxes', { authorization })).status).toBe(200);
    expect((await raw('/v1/nothing/here', { authorization })).status).toBe(404);
    expect((await raw('/openapi.json')).status).toBe(200);
    expect((await raw('/connect/nothing')).status).toBe(404);
  });

  it('lists by address, external id and status, page by page', async () => {
    const { api } = app;
    const ids: string[] = [];
    for (const name of ['a', 'b', 'c'])
      ids.push((await app.connect(`${name}@example.com`, { externalId: name })).id);
    const list = async (query: string) => (await api.get(`/v1/mailboxes?${query}`)).data.map(({ id }) => id);
    expect(await list('emailAddress=B@Example.com')).toEqual([ids[1]]);
    expect(await list('externalId=c')).toEqual([ids[2]]);
    expect(await list('status=active')).toEqual(ids);
    expect(await list('status=disconnected')).toEqual([]);
    const first = await api.get('/v1/mailboxes?limit=2');
    const second = await api.get(`/v1/mailboxes?limit=2&cursor=${first.nextCursor}`);
    expect([...first.data, ...second.data].map(({ id }) => id)).toEqual(ids);
    expect(second.nextCursor).toBeNull();
    expect(first.data[0]).toEqual(await api.get(`/v1/mailboxes/${ids[0]}`));
    await api.get('/v1/mailboxes?cursor=nonsense', 400);
    await api.get('/v1/mailboxes?status=gone', 400);
    await api.get('/v1/mailboxes?limit=0', 400);
  });

  it('knows no mailbox by an id that is none', async () => {
    await app.api.get('/v1/mailboxes/%00', 404);
    await app.api.get('/v1/mailboxes/mbx_01h455vb4pex5vsknk084sn02q', 404);
    await app.api.delete('/v1/mailboxes/mbx_01h455vb4pex5vsknk084sn02q', 404);
  });

  it('replaces the filter of the watch, stops it, and starts it again', async () => {
    const { id, emailAddress } = await app.connect('watched@example.com');
    const path = `/v1/mailboxes/${id}/watch`;
    const filter = { labelIds: ['SENT'], labelFilterBehavior: 'exclude' };
    expect(await app.api.put(path, filter)).toMatchObject({ id, watch: { status: 'active', ...filter } });
    expect(await app.api.put(path, {})).toMatchObject({
      watch: { labelIds: [], labelFilterBehavior: 'include' },
    });
    expect(await app.api.delete(path, 200)).toMatchObject({
      watch: { status: 'stopped' },
      status: 'active',
    });
    expect(app.google.grantOf(emailAddress)).not.toBeNull();
    expect(await app.api.put(path, { labelIds: ['INBOX'] })).toMatchObject({ watch: { status: 'active' } });
    await app.api.put(path, { labelIds: 'INBOX' }, 400);
    app.google.failNext({ method: 'gmail.users.watch', status: 400, message: 'Invalid label' });
    expect(await app.api.put(path, { labelIds: ['NONE'] }, 502)).toMatchObject({ code: 'google_refused' });
  });

  it('does nothing at Google for a mailbox that is not active', async () => {
    const { id } = await app.connect('idle@example.com');
    await app.database.dataSource.query(
      `UPDATE mailboxes SET status = 'reauthorization_required' WHERE id = $1`,
      [id],
    );
    app.google.requests.clear();
    const refused = { code: 'mailbox_not_active' };
    expect(await app.api.put(`/v1/mailboxes/${id}/watch`, {}, 409)).toMatchObject(refused);
    expect(await app.api.delete(`/v1/mailboxes/${id}/watch`, 409)).toMatchObject(refused);
    expect(await app.api.post(`/v1/mailboxes/${id}/sync`, undefined, 409)).toMatchObject(refused);
    expect(app.google.requests.count({ account: 'idle@example.com', method: 'gmail.' })).toBe(0);
  });

  it('gives a mailbox another name of yours, or none, which events from then on carry', async () => {
    const { id, emailAddress } = await app.connect('named@example.com', { externalId: 'one' });
    const path = `/v1/mailboxes/${id}` as const;
    expect(await app.api.patch(path, { externalId: 'two' })).toMatchObject({ id, externalId: 'two' });
    expect((await app.api.get(`/v1/mailboxes?externalId=two`)).data).toEqual([await app.api.get(path)]);
    expect(await app.api.patch(path, {})).toMatchObject({ externalId: 'two' });
    await app.connect(emailAddress);
    expect(await app.api.patch(path, { externalId: null })).toMatchObject({ externalId: null });
    await app.connect(emailAddress);
    const events = await app.api.events({ mailboxId: id, types: 'mailbox.connected' });
    expect(events.map(({ mailbox }) => mailbox.externalId)).toEqual(['one', 'two', null]);
    await app.api.patch(path, { externalId: '' }, 400);
    await app.api.patch(path, { emailAddress: 'other@example.com' }, 400);
    await app.api.patch('/v1/mailboxes/mbx_01h455vb4pex5vsknk084sn02q', { externalId: 'x' }, 404);
  });

  it('accepts a request for a sync', async () => {
    const { id } = await app.connect('synced@example.com');
    expect(await app.api.post(`/v1/mailboxes/${id}/sync`, undefined, 202)).toMatchObject({ id });
  });
});
