import { connectMailbox } from '../../support/connection/connect-mailbox';
import { eventually } from '../../support/eventually';
import { everyEventOf, logOf } from '../../support/event/mailbox-log';
import { createTestApp, type TestApp } from '../../support/test-app';

const WATCH = 'gmail.users.watch';

describe('the renewal of watches', () => {
  let app: TestApp;
  afterEach(() => app?.close());

  const get = (id: string) => app.api.get(`/v1/mailboxes/${id}`);
  const watches = (account: string) => app.google.requests.list({ method: WATCH, account });

  it('comes before the expiry, time after time', async () => {
    const ttl = 3_000;
    app = await createTestApp({ WATCH_RENEW_BEFORE: '2s', WATCH_RENEWAL_INTERVAL: '100ms' });
    app.google.switches.watchTtlMs = ttl;
    const address = 'ada@example.com';
    const mailbox = await app.connect(address);
    const seen = new Set<string>();
    await eventually(
      async () => seen.add((await get(mailbox.id)).watch!.status) && watches(address).length >= 4,
    );
    expect([...seen]).toEqual(['active']);
    const times = watches(address).map(({ at }) => at);
    for (const [index, at] of times.slice(1).entries()) expect(at - times[index]!).toBeLessThan(ttl);
    expect((await everyEventOf(app, mailbox.id)).map(({ type }) => type)).toEqual(['mailbox.connected']);
  });

  it('is done once for each watch by two replicas', async () => {
    app = await createTestApp({ WATCH_RENEWAL_INTERVAL: '50ms' });
    await app.replica();
    const addresses = Array.from({ length: 8 }, (_, i) => `box-${i}@example.com`);
    for (const address of addresses) {
      app.google.addAccount(address);
      await connectMailbox(app.google, app.api, address);
    }
    app.google.switches.latencyMs = 20;
    await app.database.dataSource.query('UPDATE watches SET renew_at = now()');
    const renewals = () => addresses.map((address) => watches(address).length - 1);
    await eventually(renewals, { until: (each) => each.every((times) => times > 0) });
    const due = () =>
      app.database.dataSource.query(
        'SELECT 1 FROM watches WHERE renew_at <= now() OR claimed_by IS NOT NULL',
      );
    await eventually(due, { until: ({ length }: unknown[]) => length === 0 });
    expect(renewals()).toEqual(addresses.map(() => 1));
  });

  it('is tried again and again while refused; a watch that runs out is reported once, and PUT brings it back', async () => {
    app = await createTestApp({ WATCH_RENEW_BEFORE: '2s', WATCH_RENEWAL_INTERVAL: '50ms' });
    app.google.switches.watchTtlMs = 3_000;
    const address = 'ada@example.com';
    const mailbox = await app.connect(address);
    const fault = app.google.failNext({
      method: WATCH,
      account: address,
      times: 1_000,
      status: 403,
      reason: 'forbidden',
    });
    // It may have been renewed before Google refused.
    const { expiresAt } = await eventually(async () => (await get(mailbox.id)).watch!, {
      until: ({ status, lastError }) => status === 'active' && lastError !== null,
    });
    await eventually(async () => (await get(mailbox.id)).watch!.status, {
      until: (status) => status === 'expired',
    });
    expect(fault.hits).toBeGreaterThanOrEqual(3);
    const types = async () => (await everyEventOf(app, mailbox.id)).map(({ type }) => type);
    await eventually(types, { until: (all) => all.includes('watch.expired') });
    await app.api.put(`/v1/mailboxes/${mailbox.id}/watch`, { labelIds: ['INBOX'] }, 502);
    expect(await types()).toEqual(['mailbox.connected', 'watch.failed', 'watch.expired']);
    const log = await everyEventOf(app, mailbox.id);
    expect(log.slice(1)).toMatchObject([
      { data: { expiresAt, error: { code: 'gmail_refused' } } },
      { data: { expiresAt, error: { code: 'gmail_refused' } } },
    ]);
    app.google.faults.clear();
    const sent = app.google.deliver(address);
    const { watch } = await app.api.put(`/v1/mailboxes/${mailbox.id}/watch`, { labelIds: ['INBOX'] });
    expect(watch).toMatchObject({ status: 'active', lastError: null });
    expect((await logOf(app, mailbox)).at(-1)).toMatchObject({ data: { messageId: sent.id } });
  });
});
