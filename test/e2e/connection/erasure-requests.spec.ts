import { connectMailbox } from '../../support/connection/connect-mailbox';
import { ErasureTest } from '../../support/connection/erasure-test';
import { tablesWith } from '../../support/database/dump';
import { everyEventOf, quiet } from '../../support/event/mailbox-log';
import { ofType } from '../../support/event/of-type';
import { eventually } from '../../support/eventually';
import type { TestApp } from '../../support/test-app';

describe('asking for the erasure of a mailbox', () => {
  let test: ErasureTest;
  let app: TestApp;
  let address: string;
  beforeAll(async () => {
    test = await ErasureTest.create();
    app = test.app;
  });
  afterAll(() => test?.close());
  beforeEach(async () => void (address = await test.begin()));

  it('connects the same account anew, as a new mailbox that knows nothing of what the erased one reported', async () => {
    const first = await app.connect(address, { externalId: 'old' });
    const mail = app.google.deliver(address, { subject: 'again', text: 'x' }).id;
    await quiet(app, first);
    const account = first.googleAccountId;
    await test.erase(first);
    await test.erased(first);
    const second = await app.connect(address);
    expect(second).toMatchObject({
      status: 'active',
      emailAddress: address,
      googleAccountId: account,
      externalId: null,
    });
    expect(second.id).not.toBe(first.id);
    await app.api.post(
      `/v1/mailboxes/${second.id}/backfill`,
      { since: new Date(Date.now() - 3_600_000).toISOString() },
      202,
    );
    const events = await eventually(() => everyEventOf(app, second.id), {
      until: (all) => ofType(all, 'mailbox.backfilled').length === 1,
    });
    expect(events[0]).toMatchObject({
      sequence: 1,
      type: 'mailbox.connected',
      data: { reason: 'connected' },
    });
    expect(ofType(events, 'message.added').map(({ data }) => data.messageId)).toEqual([mail]);
    const { data } = await app.api.get(`/v1/mailboxes?emailAddress=${address}`);
    expect(data.map(({ id }) => id)).toEqual([second.id]);
    const both = await app.api.get('/v1/mailboxes?status=erased&limit=500');
    expect(both.data.map(({ id }) => id)).toContain(first.id);
  });

  it('takes true or false, answers a repetition with 202, and works on a mailbox that is disconnected already', async () => {
    const mailbox = await app.connect(address);
    for (const wrong of ['yes', '1', '', 'TRUE'])
      expect(await test.request('DELETE', `/v1/mailboxes/${mailbox.id}?erase=${wrong}`)).toMatchObject({
        status: 400,
        body: { code: 'validation_failed', errors: [expect.objectContaining({ path: 'erase' })] },
      });
    expect((await test.view(mailbox.id)).status).toBe('active');
    await app.api.delete(`/v1/mailboxes/${mailbox.id}?erase=false`, 202);
    await eventually(async () => (await test.view(mailbox.id)).status === 'disconnected');
    expect(await test.view(mailbox.id)).toMatchObject({ emailAddress: address });
    await Promise.all([test.erase(mailbox), test.erase(mailbox)]);
    await test.erased(mailbox);
    const again = await test.erase(mailbox);
    expect(again).toMatchObject({ id: mailbox.id, status: 'erased' });
    expect(await app.api.delete(`/v1/mailboxes/${mailbox.id}`, 202)).toEqual(again);
    const events = await everyEventOf(app, mailbox.id);
    expect(ofType(events, 'mailbox.erased')).toHaveLength(1);
    expect(
      await test.request('DELETE', '/v1/mailboxes/mbx_01h455vb4pex5vsknk084sn02q?erase=true'),
    ).toMatchObject({
      status: 404,
    });
  });

  it.each(['reauthorization_required', 'disconnecting'])('works on a mailbox that is %s', async (status) => {
    const mailbox = await app.connect(address);
    if (status === 'disconnecting') {
      app.google.failNext({ method: 'gmail.users.stop', account: address, status: 503, times: 1_000 });
      await app.api.delete(`/v1/mailboxes/${mailbox.id}`, 202);
    } else {
      app.google.revokeByUser(address);
      app.google.killAccessTokens(address);
      await app.api.post(`/v1/mailboxes/${mailbox.id}/sync`, undefined, 202);
    }
    await eventually(async () => (await test.view(mailbox.id)).status === status);
    await test.erase(mailbox);
    app.google.faults.clear();
    expect(await test.erased(mailbox)).toMatchObject({ emailAddress: null });
    const events = await everyEventOf(app, mailbox.id);
    expect(events.at(-1)).toMatchObject({ type: 'mailbox.erased', data: { erased: true } });
  });

  it('refuses whatever would make it known again, and says why', async () => {
    const mailbox = await app.connect(address);
    const forIt = { mailboxId: mailbox.id };
    const { url: link } = await app.api.post('/v1/connect-sessions', forIt, 201);
    await test.erase(mailbox);
    await test.erased(mailbox);
    const url = `/v1/mailboxes/${mailbox.id}`;
    const refusal = { status: 409, body: { code: 'mailbox_erased' } };
    expect(await test.request('PATCH', url, { externalId: 'back' })).toMatchObject(refusal);
    const inactive = { status: 409, body: { code: 'mailbox_not_active' } };
    for (const [method, path, body] of [
      ['POST', '/sync', undefined],
      ['PUT', '/watch', {}],
      ['DELETE', '/watch', undefined],
      ['GET', '/labels', undefined],
      ['POST', '/backfill', { since: new Date().toISOString() }],
    ] as const)
      expect([path, await test.request(method, url + path, body)]).toMatchObject([path, inactive]);
    expect(await test.view(mailbox.id)).toMatchObject({ externalId: null });
    const message = expect.stringMatching(/is erased: leave mailboxId out, .*new mailbox/);
    expect(await test.request('POST', '/v1/connect-sessions', forIt)).toMatchObject({
      status: 400,
      body: { code: 'validation_failed', errors: [{ path: 'mailboxId', message }] },
    });
    // A session from before is erased with it.
    expect((await fetch(link, { redirect: 'manual' })).status).toBe(404);
    expect((await app.api.get(`/v1/mailboxes?emailAddress=${address}`)).data).toEqual([]);
    expect(await test.view(mailbox.id)).toMatchObject({ status: 'erased', emailAddress: null });
  });

  it('leaves what other mailboxes have: those that share its external id, and whose address only ends like it', async () => {
    const other = await app.connect(`x${address}`, { externalId: 'shared' });
    await test.request('POST', `/v1/mailboxes/${other.id}/sync`, undefined, {
      'idempotency-key': 'of-the-other',
    });
    const mailbox = await app.connect(address, { externalId: 'shared' });
    app.google.deliver(other.emailAddress, { subject: 'stays', text: 'x' });
    await quiet(app, other);
    const events = await everyEventOf(app, other.id);
    const sessions = () => tablesWith(app.database.dataSource, 'shared');
    expect(await sessions()).toContain('connect_sessions');
    expect(await test.answersWith(other.id)).toBe(1);
    await test.erase(mailbox);
    await test.erased(mailbox);
    expect(await sessions()).toEqual(expect.arrayContaining(['connect_sessions', 'mailboxes']));
    expect(await test.answersWith(other.id)).toBe(1);
    expect(await everyEventOf(app, other.id)).toEqual(events);
    expect(await test.view(other.id)).toMatchObject({
      emailAddress: other.emailAddress,
      externalId: 'shared',
    });
  });

  it('leaves nothing of an address that it had before', async () => {
    const mailbox = await app.connect(address, { loginHint: address });
    const hints = [{ loginHint: address }, { expectedEmailAddress: address.toUpperCase() }];
    for (const hint of hints) await app.api.post('/v1/connect-sessions', hint, 201);
    const later = `married-${address}`;
    app.google.renameAccount(address, later);
    await app.api.post(`/v1/mailboxes/${mailbox.id}/sync`, undefined, 202);
    await eventually(async () => (await test.view(mailbox.id)).emailAddress === later);
    await test.erase(mailbox);
    await test.erased(mailbox);
    expect(await tablesWith(app.database.dataSource, address)).toEqual([]);
  });

  it('lets no consent in while it is being disconnected: the revocation would end the new grant', async () => {
    const mailbox = await app.connect(address);
    app.google.failNext({ method: 'oauth2.revoke', account: address, status: 503, times: 1_000 });
    await test.erase(mailbox);
    const connecting = connectMailbox(app.google, app.api, address);
    await expect(connecting).rejects.toThrow('temporarily_unavailable');
    app.google.faults.clear();
    await test.erased(mailbox);
    expect(await app.connect(address)).toMatchObject({ status: 'active' });
  });

  it('disconnects first, and erases nothing before Google has revoked the grant', async () => {
    const mailbox = await app.connect(address, { externalId: 'kept so far' });
    const made = () =>
      app.google.requests
        .list({ account: address })
        .filter(({ method, status }) => /stop|revoke/.test(method) && status < 300)
        .map(({ method }) => method);
    const fault = app.google.failNext({
      ...{ method: 'oauth2.revoke', account: address, status: 503, times: 1_000 },
    });
    await test.erase(mailbox);
    await eventually(() => fault.hits >= 2);
    expect(made()).toEqual(['gmail.users.stop']);
    const kept = { status: 'disconnecting', emailAddress: address, externalId: 'kept so far' };
    expect(await test.view(mailbox.id)).toMatchObject(kept);
    app.google.faults.clear();
    expect(await test.erased(mailbox)).toMatchObject({ emailAddress: null, externalId: null });
    expect(app.google.grantOf(address)).toBeNull();
    expect(made()).toEqual(['gmail.users.stop', 'oauth2.revoke']);
    const grants = 'SELECT FROM grants WHERE mailbox_id = $1';
    expect(await app.database.dataSource.query(grants, [mailbox.id])).toEqual([]);
  });

  it('ends a backfill that runs first', async () => {
    app.google.addAccount(address);
    app.google.quota.enforced = false;
    app.google.fill(address, 2_000, () => ['INBOX']);
    const mailbox = await app.connect(address);
    await app.api.post(
      `/v1/mailboxes/${mailbox.id}/backfill`,
      { since: '2026-01-01T00:00:00Z', force: true },
      202,
    );
    await eventually(async () => ((await test.view(mailbox.id)).backfill?.recovered ?? 0) > 0, {
      timeout: 30_000,
    });
    await test.erase(mailbox);
    expect(await test.erased(mailbox)).toMatchObject({ backfill: null });
    const events = await everyEventOf(app, mailbox.id);
    expect(events.at(-1)!.type).toBe('mailbox.erased');
    expect(events.every(({ data }) => 'erased' in data)).toBe(true);
    expect(await tablesWith(app.database.dataSource, address)).toEqual([]);
  });
});
