import { MailboxStore } from '../../../src/mailbox/mailbox.store';
import { eventually } from '../../support/eventually';
import { ownersOf } from '../../support/connection/owners';
import { createTestApp, type TestApp } from '../../support/test-app';

const PROFILE = 'gmail.users.getProfile';

describe('an account whose address changes while it is being asked for', () => {
  let app: TestApp;
  beforeAll(async () => void (app = await createTestApp()));
  afterAll(() => app.close());
  beforeEach(() => app.google.faults.clear());
  const { newAddress, newMailbox, view, changesOf, sync, has, arrives, renew } = ownersOf(() => app);

  const isNoticedAtRenewal = async (id: string, emailAddress: string) => {
    await renew(id);
    const replica = await app.replica();
    await has(id, emailAddress);
    await replica.stop();
  };

  it('has the one that it was given last, whichever answer comes last', async () => {
    const { id, emailAddress } = await newMailbox();
    const [first, second] = [newAddress(), newAddress()];
    app.google.renameAccount(emailAddress, first);
    const stale = app.google.failNext({ method: PROFILE, account: first, when: 'after', hang: true });
    await sync(id);
    await eventually(() => stale.hits === 1);
    app.google.renameAccount(first, second);
    await isNoticedAtRenewal(id, second);
    stale.release();
    await eventually(() => app.google.requests.count({ method: PROFILE, account: second }) === 2);
    await arrives(id, app.google.deliver(second));
    expect((await view(id)).emailAddress).toBe(second);
    expect(await changesOf(id)).toEqual([{ previousEmailAddress: emailAddress, emailAddress: second }]);
  });

  it('keeps its mailbox when it swapped its address with another one, and back before that was known', async () => {
    const [one, other] = [await newMailbox(), await newMailbox()];
    app.google.swapAccounts(one.emailAddress, other.emailAddress);
    const asked = app.google.failNext({ method: PROFILE, account: one.emailAddress, hang: true });
    await sync(one.id);
    await eventually(() => asked.hits === 1);
    expect((await view(one.id)).emailAddress).toBe(other.emailAddress);
    app.google.swapAccounts(one.emailAddress, other.emailAddress);
    asked.release();
    await has(one.id, one.emailAddress);
    for (const { id, emailAddress } of [one, other]) {
      await arrives(id, app.google.deliver(emailAddress));
      expect(await view(id)).toMatchObject({ emailAddress, status: 'active' });
    }
    expect(await changesOf(one.id)).toEqual([
      { previousEmailAddress: one.emailAddress, emailAddress: other.emailAddress },
      { previousEmailAddress: other.emailAddress, emailAddress: one.emailAddress },
    ]);
    expect(await changesOf(other.id)).toEqual([]);
  });

  it('keeps nothing waiting that is asked of its mailbox meanwhile', async () => {
    const { id } = await newMailbox();
    const mailboxes = app.service.application.get(MailboxStore, { strict: false });
    await app.database.dataSource.transaction(async (manager) => {
      await mailboxes.takeAddress(manager, id, newAddress());
      await manager.query(`UPDATE mailboxes SET google_account_id = google_account_id || '0' WHERE id = $1`, [
        id,
      ]);
      // It adds a row that names the mailbox, after it has locked its cursor, which comes next in a rename.
      await app.api.post(`/v1/mailboxes/${id}/backfill`, { since: new Date().toISOString() }, 202);
    });
  });

  it('is not kept waiting by what was notified of the account that had its address meanwhile', async () => {
    const [one, other] = [await newMailbox(), await newMailbox()];
    app.google.swapAccounts(one.emailAddress, other.emailAddress);
    // The history ids of the other account are higher.
    app.google.deliver(one.emailAddress);
    const notified = async () => (await view(one.id)).sync.notifiedHistoryId;
    await eventually(async () => (await notified()) === app.google.historyId(one.emailAddress));
    await sync(one.id);
    await has(one.id, other.emailAddress);
    await eventually(async () => (await notified()) === app.google.historyId(other.emailAddress));
  });

  it('has it in every event from the change on, also in those that were read before', async () => {
    const { id, emailAddress } = await newMailbox();
    const to = newAddress();
    const read = app.google.failNext({
      method: 'gmail.users.messages.get',
      account: emailAddress,
      hang: true,
    });
    const mail = app.google.deliver(emailAddress);
    await eventually(() => read.hits === 1);
    app.google.renameAccount(emailAddress, to);
    await isNoticedAtRenewal(id, to);
    read.release();
    await arrives(id, mail);
    const events = await app.api.events({ mailboxId: id });
    const change = events.findIndex(({ type }) => type === 'mailbox.address_changed');
    const addresses = events.map(({ mailbox }) => mailbox!.emailAddress);
    expect(new Set(addresses.slice(0, change))).toEqual(new Set([emailAddress]));
    expect(new Set(addresses.slice(change))).toEqual(new Set([to]));
  });
});
