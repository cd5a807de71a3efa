import type { Event } from '../../support/api-types';
import { everyEventOf, logOf, messageEvents, quiet } from '../../support/event/mailbox-log';
import { ofType } from '../../support/event/of-type';
import { createTestApp, PUSH, type TestApp } from '../../support/test-app';

const WATCH = 'gmail.users.watch';
const STOP = 'gmail.users.stop';
const OTHER_CLIENT =
  'Only one user push notification client allowed per developer (call /stop then try again)';

describe('the watch', () => {
  let app: TestApp;
  let address: string;
  let count = 0;
  beforeAll(async () => void (app = await createTestApp()));
  afterAll(() => app?.close());
  beforeEach(() => {
    address = `box-${++count}@example.com`;
    app.google.addAccount(address);
    app.google.requests.clear();
  });

  const get = (id: string) => app.api.get(`/v1/mailboxes/${id}`);
  const put = <const S extends number = 200>(id: string, filter: object, expected?: S) =>
    app.api.put(`/v1/mailboxes/${id}/watch`, filter, expected);
  const atGoogle = () => app.google.mailbox(address).watch;
  const asked = () =>
    app.google.requests
      .list({ account: address })
      .filter(({ method }) => method === WATCH || method === STOP)
      .map(({ method, status }) => [method, status]);
  const eventsOfType = async (id: string, type: Event['type']) => ofType(await everyEventOf(app, id), type);
  const refuse = (times = 1) =>
    app.google.failNext({
      ...{ method: WATCH, account: address, times, status: 403, reason: 'forbidden' },
      message: `Error sending test message to Cloud PubSub ${PUSH.topic} : User not authorized to perform this action.`,
    });

  it('starts on connect with the default filter', async () => {
    const { watch } = await app.connect(address);
    expect(watch).toMatchObject({
      status: 'active',
      labelIds: ['INBOX'],
      labelFilterBehavior: 'include',
      lastError: null,
    });
    expect(atGoogle()).toMatchObject({ topicName: PUSH.topic, labelIds: ['INBOX'], behavior: 'include' });
    expect(Date.parse(watch!.expiresAt!)).toBe(atGoogle()!.expiration);
    expect(Date.parse(watch!.renewAt!)).toBeLessThan(Date.parse(watch!.expiresAt!) - 24 * 3_600_000 + 1);
    expect(asked()).toEqual([[WATCH, 200]]);
  });

  it('starts on connect with the filter of the connect session', async () => {
    const { watch } = await app.connect(address, {
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

  it('is failed, and reported once, when Google refuses it at connect; PUT repairs it, and nothing was missed', async () => {
    const fault = refuse(2);
    const mailbox = await app.connect(address);
    const missed = app.google.deliver(address);
    expect(mailbox).toMatchObject({
      status: 'active',
      watch: { status: 'failed', expiresAt: null, lastError: { code: 'topic_permission_denied' } },
    });
    expect(await put(mailbox.id, { labelIds: ['INBOX'] }, 502)).toMatchObject({
      code: 'google_refused',
      status: 502,
    });
    expect(fault.hits).toBe(2);
    expect((await get(mailbox.id)).watch!.status).toBe('failed');
    expect(await eventsOfType(mailbox.id, 'watch.failed')).toMatchObject([
      { data: { expiresAt: null, error: { code: 'topic_permission_denied', message: expect.any(String) } } },
    ]);
    const { watch } = await put(mailbox.id, { labelIds: ['INBOX'] });
    expect(watch).toMatchObject({ status: 'active', lastError: null });
    const sent = app.google.deliver(address);
    expect(messageEvents(await logOf(app, mailbox))).toMatchObject([
      { data: { messageId: missed.id } },
      { data: { messageId: sent.id } },
    ]);
  });

  it('reports a second run of refusals again', async () => {
    const mailbox = await app.connect(address);
    for (const run of [1, 2]) {
      refuse();
      await put(mailbox.id, {}, 502);
      expect(await eventsOfType(mailbox.id, 'watch.failed')).toHaveLength(run);
      await put(mailbox.id, {});
    }
    expect((await get(mailbox.id)).watch).toMatchObject({ status: 'active', lastError: null });
  });

  it('has its filter replaced by PUT; no labels means that every change counts', async () => {
    const mailbox = await app.connect(address);
    const replaced = await put(mailbox.id, { labelIds: ['STARRED'], labelFilterBehavior: 'exclude' });
    expect(replaced.watch).toMatchObject({
      status: 'active',
      labelIds: ['STARRED'],
      labelFilterBehavior: 'exclude',
    });
    expect(atGoogle()).toMatchObject({ labelIds: ['STARRED'], behavior: 'exclude' });
    expect((await put(mailbox.id, { labelIds: [] })).watch).toMatchObject({ labelIds: [] });
    expect(atGoogle()).toMatchObject({ labelIds: [] });
    const sent = app.google.deliver(address, { labelIds: ['SPAM'] });
    expect(messageEvents(await logOf(app, mailbox))).toMatchObject([{ data: { messageId: sent.id } }]);
  });

  it('stays as it was when Google refuses another filter', async () => {
    const mailbox = await app.connect(address);
    const before = mailbox.watch!.expiresAt;
    const problem = await put(mailbox.id, { labelIds: ['Label_404'] }, 502);
    expect(problem).toMatchObject({ code: 'google_refused', requestId: expect.any(String) });
    const { watch } = await get(mailbox.id);
    expect(watch).toMatchObject({ status: 'active', labelIds: ['INBOX'], expiresAt: before });
    expect(watch!.lastError).toMatchObject({ code: 'label_invalid' });
    expect(atGoogle()).toMatchObject({ labelIds: ['INBOX'] });
    expect(await eventsOfType(mailbox.id, 'watch.failed')).toHaveLength(1);
    app.google.deliver(address, { labelIds: ['SENT'] });
    const sent = app.google.deliver(address);
    expect(messageEvents(await logOf(app, mailbox))).toMatchObject([{ data: { messageId: sent.id } }]);
  });

  it('is stopped by DELETE, which keeps the grant, and started again by PUT', async () => {
    const mailbox = await app.connect(address);
    const stop = () => app.api.delete(`/v1/mailboxes/${mailbox.id}/watch`, 200);
    expect(await stop()).toMatchObject({ status: 'active', watch: { status: 'stopped' } });
    expect(atGoogle()).toBeNull();
    expect(app.google.grantOf(address)!.refreshTokens).toHaveLength(1);
    expect(await stop()).toMatchObject({ watch: { status: 'stopped' } });
    const missed = app.google.deliver(address);
    expect((await put(mailbox.id, { labelIds: ['INBOX'] })).watch).toMatchObject({ status: 'active' });
    // The cursor stayed: what arrived meanwhile is not lost.
    expect(messageEvents(await logOf(app, mailbox))).toMatchObject([{ data: { messageId: missed.id } }]);
  });

  it('answers "Only one user push notification client allowed" by one stop and one watch', async () => {
    const topicName = `projects/other/topics/gmail`;
    const expiration = Date.now() + 3_600_000;
    const others = { topicName, labelIds: [], behavior: 'include' as const, expiration };
    app.google.mailbox(address).watches.set(app.google.project.id, others);
    expect((await app.connect(address)).watch).toMatchObject({ status: 'active', lastError: null });
    expect(asked()).toEqual([
      [WATCH, 400],
      [STOP, 204],
      [WATCH, 200],
    ]);
    expect(atGoogle()).toMatchObject({ topicName: PUSH.topic });
  });

  it('does not compete with another client that starts its watch again at once', async () => {
    const message = OTHER_CLIENT;
    const fault = {
      method: WATCH,
      account: address,
      status: 400,
      reason: 'failedPrecondition',
      message,
      times: 9,
    };
    app.google.failNext(fault);
    const mailbox = await app.connect(address);
    expect(mailbox.watch).toMatchObject({
      ...{ status: 'failed', lastError: { code: 'other_watch_client' } },
      // None of ours has lived, so none ends.
      expiresAt: null,
    });
    expect(asked().map(([method]) => method)).toEqual([WATCH, STOP, WATCH]);
  });

  it('does not count as alive when it was stopped to make room, and not granted again', async () => {
    const mailbox = await app.connect(address);
    const fault = { method: WATCH, account: address, status: 400, reason: 'failedPrecondition' };
    app.google.failNext({ ...fault, message: OTHER_CLIENT, times: 2 });
    await put(mailbox.id, {}, 502);
    expect((await get(mailbox.id)).watch!.status).toBe('failed');
  });

  it('is asked for by one caller at a time, however many PUTs come at once', async () => {
    const mailbox = await app.connect(address);
    await quiet(app, mailbox);
    const filters = ['INBOX', 'SENT', 'SPAM', 'TRASH'].map((label) => ({ labelIds: [label] }));
    app.google.switches.latencyMs = 50;
    await Promise.all(filters.map((filter) => put(mailbox.id, filter)));
    app.google.switches.latencyMs = 0;
    const calls = app.google.requests.list({ method: 'gmail.users.watch', account: address });
    const times = calls.slice(-filters.length).map(({ at }) => at);
    // Each began when the one before it had been answered.
    times.slice(1).forEach((at, index) => expect(at - times[index]!).toBeGreaterThanOrEqual(50));
    expect((await get(mailbox.id)).watch!.labelIds).toEqual(atGoogle()!.labelIds);
  });
});
