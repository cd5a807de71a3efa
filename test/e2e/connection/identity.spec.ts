import { connectMailbox } from '../../support/connection/connect-mailbox';
import { eventually } from '../../support/eventually';
import { APP, ownersOf } from '../../support/connection/owners';
import { createTestApp, type TestApp } from '../../support/test-app';

describe('who a mailbox is', () => {
  let app: TestApp;
  beforeAll(async () => void (app = await createTestApp()));
  afterAll(() => app.close());
  beforeEach(() => app.google.faults.clear());
  const {
    newAddress,
    newMailbox,
    view,
    list,
    eventsOf,
    changesOf,
    added,
    sync,
    has,
    arrives,
    renew,
    forgetAccount,
    reconnect,
    push,
  } = ownersOf(() => app);

  describe('the account', () => {
    it('is that of the ID token of the consent', async () => {
      const { googleAccountId, emailAddress } = await newMailbox();
      expect(googleAccountId).toBe(app.google.mailbox(emailAddress).subject);
    });

    it('of a mailbox that was connected before it was known is recorded at the next consent', async () => {
      const { id, emailAddress, googleAccountId } = await newMailbox();
      await forgetAccount(id);
      expect(await view(id)).toMatchObject({ googleAccountId: null });
      expect(await app.connect(emailAddress)).toMatchObject({ id, googleAccountId });
    });

    it('of a mailbox that was connected before it was known is recorded at the next refresh', async () => {
      const { id, emailAddress, googleAccountId } = await newMailbox();
      await forgetAccount(id);
      app.google.killAccessTokens(emailAddress);
      await sync(id);
      await eventually(async () => (await view(id)).googleAccountId === googleAccountId);
    });

    it.each([
      ['as it was', false],
      ['unknown', true],
    ])(
      'stays %s when a refresh brings an ID token that names none, and the refresh counts',
      async (_was, isForgotten) => {
        const { id, emailAddress, googleAccountId } = await newMailbox();
        if (isForgotten) await forgetAccount(id);
        jest.spyOn(app.google.mailbox(emailAddress), 'subject', 'get').mockReturnValue('no account');
        const refreshes = () => app.google.requests.count({ method: 'oauth2.token', account: emailAddress });
        const before = refreshes();
        app.google.killAccessTokens(emailAddress);
        await arrives(id, app.google.deliver(emailAddress));
        expect(refreshes()).toBe(before + 1);
        expect(await view(id)).toMatchObject({
          status: 'active',
          googleAccountId: isForgotten ? null : googleAccountId,
          sync: { lastError: null },
        });
      },
    );

    it.each([
      ['another client', { aud: 'somebody-else' }],
      ['another issuer', { iss: 'https://accounts.example.com' }],
    ])('is not taken from an ID token of %s', async (_name, claims) => {
      const address = newAddress();
      app.google.addAccount(address);
      const payload = { iss: 'https://accounts.google.com', aud: 'client-id', sub: '1', exp: 4e9, ...claims };
      const id_token = `h.${Buffer.from(JSON.stringify(payload)).toString('base64url')}.s`;
      app.google.failNext({
        method: 'oauth2.token',
        status: 200,
        body: { access_token: 'a', refresh_token: 'r', expires_in: 3_599, id_token },
      });
      expect(await reconnect(address)).toBe(`${APP}?error=invalid_id_token`);
      expect(await list(address)).toEqual([]);
    });
  });

  describe('an account that was renamed', () => {
    it('keeps its mailbox when it consents under its new address', async () => {
      const { id, emailAddress } = await newMailbox();
      const [to, first] = [newAddress(), app.google.deliver(emailAddress)];
      await arrives(id, first);
      const { historyId } = (await view(id)).sync;
      app.google.renameAccount(emailAddress, to);
      expect(await app.connect(to)).toMatchObject({ id, emailAddress: to, status: 'active' });
      expect((await view(id)).sync.historyId! >= historyId!).toBe(true);
      expect(await changesOf(id)).toEqual([{ previousEmailAddress: emailAddress, emailAddress: to }]);
      expect(await list(emailAddress)).toEqual([]);
      const sequences = (await app.api.events({ mailboxId: id })).map(({ sequence }) => sequence);
      expect(sequences).toEqual(sequences.map((_, index) => index + 1));
      const second = app.google.deliver(to);
      await arrives(id, second);
      expect(await added(id)).toEqual([first.id, second.id]);
    });

    it('is noticed by a sync that was asked for', async () => {
      const { id, emailAddress } = await newMailbox();
      const to = newAddress();
      app.google.renameAccount(emailAddress, to);
      await sync(id);
      await has(id, to);
      const [event] = await eventsOf(id, 'mailbox.address_changed');
      expect(event).toMatchObject({
        mailbox: { id, emailAddress: to },
        data: { previousEmailAddress: emailAddress, emailAddress: to },
      });
      await sync(id);
      await arrives(id, app.google.deliver(to));
      expect(await changesOf(id)).toHaveLength(1);
    });

    it('is noticed by a sync that finds what no notification announced', async () => {
      const { id, emailAddress } = await newMailbox();
      const to = newAddress();
      app.google.renameAccount(emailAddress, to);
      const mail = app.google.deliver(to);
      await app.google.pushesSettled();
      expect(await added(id)).toEqual([]);
      await app.database.dataSource.query(
        'UPDATE mailbox_cursors SET next_sync_at = now(), reconcile_at = now() WHERE mailbox_id = $1',
        [id],
      );
      await arrives(id, mail);
      await has(id, to);
    });

    it('is noticed at the renewal of its watch', async () => {
      const { id, emailAddress } = await newMailbox();
      const to = newAddress();
      app.google.renameAccount(emailAddress, to);
      await renew(id);
      const replica = await app.replica();
      await has(id, to);
      await replica.stop();
      const calls = app.google.requests.count({ method: 'gmail.users.getProfile', account: to });
      expect(calls).toBe(1);
    });

    it('has the pushes under its new address, and nobody those under the old one', async () => {
      const { id, emailAddress } = await newMailbox();
      const to = newAddress();
      app.google.renameAccount(emailAddress, to);
      await sync(id);
      await has(id, to);
      const stale = await push(emailAddress, '9'.repeat(18));
      expect(stale.status).toBe(204);
      expect((await view(id)).sync.notifiedHistoryId).not.toBe('9'.repeat(18));
      await arrives(id, app.google.deliver(to));
    });

    it('swaps its address with another one, and both keep their mailboxes', async () => {
      const [one, other] = [await newMailbox(), await newMailbox()];
      app.google.swapAccounts(one.emailAddress, other.emailAddress);
      await Promise.all([sync(one.id), sync(other.id)]);
      await has(one.id, other.emailAddress);
      await has(other.id, one.emailAddress);
      await arrives(one.id, app.google.deliver(other.emailAddress));
      await arrives(other.id, app.google.deliver(one.emailAddress));
      expect(await view(one.id)).toMatchObject({ status: 'active', googleAccountId: one.googleAccountId });
      expect(await view(other.id)).toMatchObject({
        status: 'active',
        googleAccountId: other.googleAccountId,
      });
      expect(await changesOf(one.id)).toHaveLength(1);
      expect(await changesOf(other.id)).toHaveLength(1);
    });

    it('has one mailbox, also where two stood for it before accounts were known', async () => {
      const [one, other] = [await newMailbox(), await newMailbox()];
      await forgetAccount(one.id);
      // The older one has followed no rename: it would be renamed to the address of the other one.
      app.google.deleteAccount(other.emailAddress);
      app.google.renameAccount(one.emailAddress, other.emailAddress);
      await app.database.dataSource.query('UPDATE mailboxes SET google_account_id = $2 WHERE id = $1', [
        other.id,
        one.googleAccountId,
      ]);
      app.google.killAccessTokens(other.emailAddress);
      await sync(one.id);
      await eventually(async () => (await view(one.id)).status === 'disconnected');
      expect((await eventsOf(one.id, 'mailbox.disconnected'))[0]!.data).toEqual({
        reason: 'account_replaced',
      });
    });
  });

  it.each([
    ['googlemail.com', 'gmail.com'],
    ['gmail.com', 'googlemail.com'],
  ])('treats %s as the same domain as %s, in pushes and in filters', async (domain, other) => {
    const { id, emailAddress } = await newMailbox(newAddress(domain));
    const spelled = emailAddress.replace(domain, other);
    expect((await list(spelled)).map((mailbox) => mailbox.id)).toEqual([id]);
    expect((await push(spelled, app.google.historyId(emailAddress))).status).toBe(204);
    expect((await view(id)).sync.lastNotificationAt).not.toBeNull();
    expect(await reconnect(emailAddress, { expectedEmailAddress: spelled })).toBe(`${APP}?mailboxId=${id}`);
  });

  it('keeps the accounts of several mailboxes apart', async () => {
    const addresses = [newAddress(), newAddress(), newAddress()];
    addresses.forEach((address) => app.google.addAccount(address));
    const mailboxes = await Promise.all(
      addresses.map((address) => connectMailbox(app.google, app.api, address)),
    );
    expect(new Set(mailboxes.map(({ googleAccountId }) => googleAccountId)).size).toBe(3);
  });
});
