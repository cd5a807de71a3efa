import { eventually } from '../../support/eventually';
import { APP, ownersOf } from '../../support/connection/owners';
import { createTestApp, type TestApp } from '../../support/test-app';

describe('an account that is not the one that was known', () => {
  let app: TestApp;
  beforeAll(async () => void (app = await createTestApp()));
  afterAll(() => app.close());
  beforeEach(() => app.google.faults.clear());
  const { newAddress, newMailbox, view, list, changesOf, added, sync, has, arrives, reconnect, calls } =
    ownersOf(() => app);

  describe('another account under a known address', () => {
    const replaced = async () => {
      const old = await newMailbox();
      await arrives(old.id, app.google.deliver(old.emailAddress));
      app.google.deleteAccount(old.emailAddress);
      app.google.addAccount(old.emailAddress);
      return { old, log: await app.api.events({ mailboxId: old.id }) };
    };

    it('is a new mailbox, and the old one ends when its account is no more', async () => {
      const { old, log } = await replaced();
      const back = await reconnect(old.emailAddress, { externalId: 'new' });
      const fresh = await view(new URL(back).searchParams.get('mailboxId')!);
      expect(fresh).toMatchObject({ emailAddress: old.emailAddress, status: 'active', externalId: 'new' });
      expect(fresh.id).not.toBe(old.id);
      await eventually(async () => (await view(old.id)).status === 'disconnected');
      const events = await app.api.events({ mailboxId: old.id });
      expect(events.slice(0, log.length)).toEqual(log);
      expect(events.at(-1)).toMatchObject({
        type: 'mailbox.disconnected',
        data: { reason: 'account_replaced' },
      });
      expect((await list(old.emailAddress)).map(({ id, status }) => [id, status])).toEqual([
        [old.id, 'disconnected'],
        [fresh.id, 'active'],
      ]);
      await arrives(fresh.id, app.google.deliver(old.emailAddress));
      expect(await added(old.id)).toHaveLength(1);
    });

    it('lets the old mailbox follow its account to its new address', async () => {
      const old = await newMailbox();
      const to = newAddress();
      app.google.renameAccount(old.emailAddress, to);
      const fresh = await app.connect(old.emailAddress).then(() => list(old.emailAddress));
      expect(fresh.filter(({ status }) => status === 'active').map(({ id }) => id)).not.toEqual([old.id]);
      await has(old.id, to);
      expect(await view(old.id)).toMatchObject({ status: 'active' });
      await arrives(old.id, app.google.deliver(to));
      expect(await changesOf(old.id)).toEqual([{ previousEmailAddress: old.emailAddress, emailAddress: to }]);
    });

    it('ends a mailbox whose grant is dead without a call to Google', async () => {
      const { old } = await replaced();
      await sync(old.id);
      await eventually(async () => (await view(old.id)).status === 'reauthorization_required');
      const { revokes, stops } = calls();
      await reconnect(old.emailAddress);
      await eventually(async () => (await view(old.id)).status === 'disconnected');
      expect(calls()).toEqual({ revokes, stops });
    });

    it('waits for what passes before it decides', async () => {
      const old = await newMailbox();
      const to = newAddress();
      app.google.renameAccount(old.emailAddress, to);
      app.google.addAccount(old.emailAddress);
      const fault = app.google.failNext({
        method: 'gmail.users.getProfile',
        account: to,
        status: 503,
        times: 2,
      });
      await reconnect(old.emailAddress);
      await has(old.id, to);
      expect(fault.hits).toBe(2);
    });
  });

  describe('a session for one mailbox or one address', () => {
    it('connects that mailbox again', async () => {
      const { id, emailAddress } = await newMailbox();
      expect(await reconnect(emailAddress, { mailboxId: id })).toBe(`${APP}?mailboxId=${id}`);
      const to = newAddress();
      app.google.renameAccount(emailAddress, to);
      expect(await reconnect(to, { mailboxId: id })).toBe(`${APP}?mailboxId=${id}`);
    });

    it('suggests that account to its owner', async () => {
      const { id, emailAddress } = await newMailbox();
      const { url } = await app.api.post('/v1/connect-sessions', { mailboxId: id }, 201);
      const location = (await app.google.browser.visit(url)).headers.get('location')!;
      expect(new URL(location).searchParams.get('login_hint')).toBe(emailAddress);
    });

    it('connects whichever account consents when it has a hint alone', async () => {
      const { id, emailAddress } = await newMailbox();
      const other = newAddress();
      app.google.addAccount(other);
      expect(await reconnect(other, { loginHint: emailAddress })).toContain(`${APP}?mailboxId=mbx_`);
      expect((await list(other)).map((mailbox) => mailbox.id)).not.toContain(id);
      expect(await view(id)).toMatchObject({ emailAddress, status: 'active' });
    });

    it.each(['mailboxId', 'expectedEmailAddress'])(
      'connects nothing and changes nothing when another account consents, by %s',
      async (by) => {
        const { id, emailAddress } = await newMailbox();
        const otherAddress = newAddress();
        app.google.addAccount(otherAddress);
        const before = [await view(id), await app.api.events({ mailboxId: id })];
        const session = by === 'mailboxId' ? { mailboxId: id } : { expectedEmailAddress: emailAddress };
        expect(await reconnect(otherAddress, { ...session, externalId: 'taken' })).toBe(
          `${APP}?error=account_mismatch`,
        );
        expect([await view(id), await app.api.events({ mailboxId: id })]).toEqual(before);
        expect(await list(otherAddress)).toEqual([]);
        expect(app.google.grantOf(otherAddress)).not.toBeNull();
      },
    );

    it('does not take the mailbox of another account for it, whatever the address', async () => {
      const { id, emailAddress } = await newMailbox();
      app.google.deleteAccount(emailAddress);
      app.google.addAccount(emailAddress);
      expect(await reconnect(emailAddress, { mailboxId: id })).toBe(`${APP}?error=account_mismatch`);
    });
  });
});
