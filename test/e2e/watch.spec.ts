import { connectMailbox } from '../support/connect-mailbox';
import { eventually } from '../support/eventually';
import { everyEventOf, logOf, messageEvents, quiet } from '../support/mailbox-log';
import { createWorld, PUSH, type World } from '../support/world';

const WATCH = 'gmail.users.watch';
const STOP = 'gmail.users.stop';
const OTHER_CLIENT =
  'Only one user push notification client allowed per developer (call /stop then try again)';

describe('the watch', () => {
  let world: World;
  let address: string;
  let count = 0;
  beforeAll(async () => void (world = await createWorld()));
  afterAll(() => world?.close());
  beforeEach(() => {
    address = `box-${++count}@example.com`;
    world.google.addAccount(address);
    world.google.requests.clear();
  });

  const get = (id: string) => world.api.get(`/v1/mailboxes/${id}`);
  const put = (id: string, filter: object, expected = 200) =>
    world.api.put(`/v1/mailboxes/${id}/watch`, filter, expected);
  const atGoogle = () => world.google.mailbox(address).watch;
  const asked = () =>
    world.google.requests
      .list({ account: address })
      .filter(({ method }) => method === WATCH || method === STOP)
      .map(({ method, status }) => [method, status]);
  const eventsOfType = async (id: string, type: string) =>
    (await everyEventOf(world, id)).filter((event) => event.type === type);
  const refuse = (times = 1) =>
    world.google.failNext({
      ...{ method: WATCH, account: address, times, status: 403, reason: 'forbidden' },
      message: `Error sending test message to Cloud PubSub ${PUSH.topic} : User not authorized to perform this action.`,
    });

  it('starts on connect with the default filter', async () => {
    const { watch } = await world.connect(address);
    expect(watch).toMatchObject({
      status: 'active',
      labelIds: ['INBOX'],
      labelFilterBehavior: 'include',
      lastError: null,
    });
    expect(atGoogle()).toMatchObject({ topicName: PUSH.topic, labelIds: ['INBOX'], behavior: 'include' });
    expect(Date.parse(watch.expiresAt)).toBe(atGoogle()!.expiration);
    expect(Date.parse(watch.renewAt)).toBeLessThan(Date.parse(watch.expiresAt) - 24 * 3_600_000 + 1);
    expect(asked()).toEqual([[WATCH, 200]]);
  });

  it('starts on connect with the filter of the connect session', async () => {
    const { watch } = await world.connect(address, {
      labelIds: ['SPAM', 'TRASH'],
      labelFilterBehavior: 'exclude',
    });
    expect(watch).toMatchObject({
      status: 'active',
      labelIds: ['SPAM', 'TRASH'],
      labelFilterBehavior: 'exclude',
    });
    expect(atGoogle()).toMatchObject({ labelIds: ['SPAM', 'TRASH'], behavior: 'exclude' });
  });

  it('is failed, and told of once, when Google refuses it at connect; PUT repairs it', async () => {
    const fault = refuse(2);
    const mailbox = await world.connect(address);
    expect(mailbox).toMatchObject({
      status: 'active',
      watch: { status: 'failed', expiresAt: null, lastError: { code: 'topic_permission_denied' } },
    });
    expect(await put(mailbox.id, { labelIds: ['INBOX'] }, 502)).toMatchObject({
      code: 'google_refused',
      status: 502,
    });
    expect(fault.hits).toBe(2);
    expect((await get(mailbox.id)).watch.status).toBe('failed');
    expect(await eventsOfType(mailbox.id, 'watch.failed')).toMatchObject([
      { data: { expiresAt: null, error: { code: 'topic_permission_denied', message: expect.any(String) } } },
    ]);
    const { watch } = await put(mailbox.id, { labelIds: ['INBOX'] });
    expect(watch).toMatchObject({ status: 'active', lastError: null });
    const sent = world.google.deliver(address);
    expect(messageEvents(await logOf(world, mailbox))).toMatchObject([{ data: { messageId: sent.id } }]);
  });

  it('tells of a second run of refusals again', async () => {
    const mailbox = await world.connect(address);
    for (const run of [1, 2]) {
      refuse();
      await put(mailbox.id, {}, 502);
      expect(await eventsOfType(mailbox.id, 'watch.failed')).toHaveLength(run);
      await put(mailbox.id, {});
    }
    expect((await get(mailbox.id)).watch).toMatchObject({ status: 'active', lastError: null });
  });

  it('has its filter replaced by PUT; no labels means that every change counts', async () => {
    const mailbox = await world.connect(address);
    const replaced = await put(mailbox.id, { labelIds: ['STARRED'], labelFilterBehavior: 'exclude' });
    expect(replaced.watch).toMatchObject({
      status: 'active',
      labelIds: ['STARRED'],
      labelFilterBehavior: 'exclude',
    });
    expect(atGoogle()).toMatchObject({ labelIds: ['STARRED'], behavior: 'exclude' });
    expect((await put(mailbox.id, { labelIds: [] })).watch).toMatchObject({ labelIds: [] });
    expect(atGoogle()).toMatchObject({ labelIds: [] });
    const sent = world.google.deliver(address, { labelIds: ['SPAM'] });
    expect(messageEvents(await logOf(world, mailbox))).toMatchObject([{ data: { messageId: sent.id } }]);
  });

  it('lives on as it was when Google refuses another filter', async () => {
    const mailbox = await world.connect(address);
    const before = mailbox.watch.expiresAt;
    const problem = await put(mailbox.id, { labelIds: ['Label_404'] }, 502);
    expect(problem).toMatchObject({ code: 'google_refused', requestId: expect.any(String) });
    const { watch } = await get(mailbox.id);
    expect(watch).toMatchObject({ status: 'active', labelIds: ['INBOX'], expiresAt: before });
    expect(watch.lastError).toMatchObject({ code: 'label_invalid' });
    expect(atGoogle()).toMatchObject({ labelIds: ['INBOX'] });
    expect(await eventsOfType(mailbox.id, 'watch.failed')).toHaveLength(1);
    world.google.deliver(address, { labelIds: ['SENT'] });
    const sent = world.google.deliver(address);
    expect(messageEvents(await logOf(world, mailbox))).toMatchObject([{ data: { messageId: sent.id } }]);
  });

  it('is stopped by DELETE, which keeps the grant, and started again by PUT', async () => {
    const mailbox = await world.connect(address);
    const stop = () => world.api.delete(`/v1/mailboxes/${mailbox.id}/watch`, 200);
    expect(await stop()).toMatchObject({ status: 'active', watch: { status: 'stopped' } });
    expect(atGoogle()).toBeNull();
    expect(world.google.grantOf(address)!.refreshTokens).toHaveLength(1);
    expect(await stop()).toMatchObject({ watch: { status: 'stopped' } });
    const missed = world.google.deliver(address);
    expect((await put(mailbox.id, { labelIds: ['INBOX'] })).watch).toMatchObject({ status: 'active' });
    // The cursor stayed: what arrived meanwhile is not lost.
    expect(messageEvents(await logOf(world, mailbox))).toMatchObject([{ data: { messageId: missed.id } }]);
  });

  it('answers "Only one user push notification client allowed" by one stop and one watch', async () => {
    const topicName = `projects/other/topics/gmail`;
    const expiration = Date.now() + 3_600_000;
    world.google.mailbox(address).watch = { topicName, labelIds: [], behavior: 'include', expiration };
    expect((await world.connect(address)).watch).toMatchObject({ status: 'active', lastError: null });
    expect(asked()).toEqual([
      [WATCH, 400],
      [STOP, 204],
      [WATCH, 200],
    ]);
    expect(atGoogle()).toMatchObject({ topicName: PUSH.topic });
  });

  it('does not fight another client that comes back at once', async () => {
    const message = OTHER_CLIENT;
    const fault = {
      method: WATCH,
      account: address,
      status: 400,
      reason: 'failedPrecondition',
      message,
      times: 9,
    };
    world.google.failNext(fault);
    const mailbox = await world.connect(address);
    expect(mailbox.watch).toMatchObject({ status: 'failed', lastError: { code: 'other_watch_client' } });
    expect(asked().map(([method]) => method)).toEqual([WATCH, STOP, WATCH]);
  });

  it('is asked for by one caller at a time, however many PUTs come at once', async () => {
    const mailbox = await world.connect(address);
    await quiet(world, mailbox);
    const filters = ['INBOX', 'SENT', 'SPAM', 'TRASH'].map((label) => ({ labelIds: [label] }));
    // The snapshots of the new filters are not to come in between.
    world.google.failNext({ method: 'gmail.users.labels.list', account: address, status: 503, times: 1_000 });
    world.google.switches.latencyMs = 30;
    world.google.quota.concurrentPerMailbox = 1;
    await Promise.all(filters.map((filter) => put(mailbox.id, filter)));
    world.google.switches.latencyMs = 0;
    world.google.quota.concurrentPerMailbox = null;
    expect((await get(mailbox.id)).watch.labelIds).toEqual(atGoogle()!.labelIds);
  });
});

describe('the renewal of watches', () => {
  let world: World;
  afterEach(() => world?.close());

  const get = (id: string) => world.api.get(`/v1/mailboxes/${id}`);
  const watches = (account: string) => world.google.requests.list({ method: WATCH, account });

  it('comes before the expiry, time after time', async () => {
    const ttl = 3_000;
    world = await createWorld({ WATCH_RENEW_BEFORE: '2s', WATCH_RENEWAL_INTERVAL: '100ms' });
    world.google.switches.watchTtlMs = ttl;
    const address = 'ada@example.com';
    const mailbox = await world.connect(address);
    const seen = new Set<string>();
    await eventually(
      async () => seen.add((await get(mailbox.id)).watch.status) && watches(address).length >= 4,
    );
    expect([...seen]).toEqual(['active']);
    const times = watches(address).map(({ at }) => at);
    for (const [index, at] of times.slice(1).entries()) expect(at - times[index]!).toBeLessThan(ttl);
    expect((await everyEventOf(world, mailbox.id)).map(({ type }) => type)).toEqual(['mailbox.connected']);
  });

  it('is done once for each watch by two replicas', async () => {
    world = await createWorld({ WATCH_RENEWAL_INTERVAL: '50ms' });
    await world.replica();
    const addresses = Array.from({ length: 20 }, (_, i) => `box-${i}@example.com`);
    for (const address of addresses) {
      world.google.addAccount(address);
      await connectMailbox(world.google, world.api, address);
    }
    world.google.switches.latencyMs = 20;
    await world.database.dataSource.query('UPDATE watches SET renew_at = now()');
    const renewals = () => addresses.map((address) => watches(address).length - 1);
    await eventually(renewals, { until: (each) => each.every((times) => times > 0) });
    const due = () =>
      world.database.dataSource.query(
        'SELECT 1 FROM watches WHERE renew_at <= now() OR claimed_by IS NOT NULL',
      );
    await eventually(due, { until: ({ length }: unknown[]) => length === 0 });
    expect(renewals()).toEqual(addresses.map(() => 1));
  });

  it('is tried again and again while refused; a watch that runs out is told of once, and PUT brings it back', async () => {
    world = await createWorld({ WATCH_RENEW_BEFORE: '1s', WATCH_RENEWAL_INTERVAL: '50ms' });
    world.google.switches.watchTtlMs = 1_500;
    const address = 'ada@example.com';
    const mailbox = await world.connect(address);
    const fault = world.google.failNext({
      method: WATCH,
      account: address,
      times: 1_000,
      status: 403,
      reason: 'forbidden',
    });
    await eventually(async () => (await get(mailbox.id)).watch, {
      until: ({ status, lastError }) => status === 'active' && lastError !== null,
    });
    const { expiresAt } = mailbox.watch;
    await eventually(async () => (await get(mailbox.id)).watch.status, {
      until: (status) => status === 'expired',
    });
    expect(fault.hits).toBeGreaterThanOrEqual(3);
    const types = async () => (await everyEventOf(world, mailbox.id)).map(({ type }) => type);
    await eventually(types, { until: (all) => all.includes('watch.expired') });
    await world.api.put(`/v1/mailboxes/${mailbox.id}/watch`, { labelIds: ['INBOX'] }, 502);
    expect(await types()).toEqual(['mailbox.connected', 'watch.failed', 'watch.expired']);
    const log = await everyEventOf(world, mailbox.id);
    expect(log.slice(1)).toMatchObject([
      { data: { expiresAt, error: { code: 'gmail_refused' } } },
      { data: { expiresAt, error: { code: 'gmail_refused' } } },
    ]);
    world.google.faults.clear();
    const sent = world.google.deliver(address);
    const { watch } = await world.api.put(`/v1/mailboxes/${mailbox.id}/watch`, { labelIds: ['INBOX'] });
    expect(watch).toMatchObject({ status: 'active', lastError: null });
    expect((await logOf(world, mailbox)).at(-1)).toMatchObject({ data: { messageId: sent.id } });
  });
});
