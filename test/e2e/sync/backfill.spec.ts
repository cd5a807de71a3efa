import type { Event, Mailbox } from '../../support/api-types';
import { everyEventOf, quiet } from '../../support/event/mailbox-log';
import { messageIdOf, ofType } from '../../support/event/of-type';
import { eventually } from '../../support/eventually';
import { untilBackfilled } from '../../support/sync/until-backfilled';
import { createTestApp, type TestApp } from '../../support/test-app';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** What limits it has specs of its own. */
const UNLIMITED = { GMAIL_UNITS_PER_MINUTE_MAILBOX: '1000000' };
const ago = (ms: number) => new Date(Date.now() - ms).toISOString();

describe('a backfill', () => {
  let app: TestApp;
  let count = 0;
  let address: string;
  beforeAll(async () => void (app = await createTestApp(UNLIMITED)));
  afterAll(() => app?.close());
  beforeEach(() => {
    app.google.quota.enforced = false;
    address = `old-${++count}@example.com`;
    app.google.addAccount(address, { labels: ['Work', 'Home'] });
  });
  afterEach(() => {
    app.google.faults.clear();
    app.pushes.resume();
  });

  /** A mail of so long ago. */
  const old = (ms: number, labelIds = ['INBOX']) =>
    app.google.deliver(address, { subject: `of ${ms}`, text: 'x', labelIds, internalDate: Date.now() - ms })
      .id;
  const url = ({ id }: Mailbox) => `/v1/mailboxes/${id}/backfill` as const;
  const ask = (mailbox: Mailbox, body: object, { address: origin } = app.service) =>
    fetch(origin + url(mailbox), {
      method: 'POST',
      headers: { authorization: `Bearer ${app.environment.API_KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const view = ({ id }: Mailbox) => app.api.get(`/v1/mailboxes/${id}`);
  const ended = (mailbox: Mailbox, times = 1) => untilBackfilled(app, mailbox, times);
  const added = (events: Event[]) => ofType(events, 'message.added');
  const ids = (events: Event[]) => added(events).map(messageIdOf);
  const label = (name: string) => app.google.mailbox(address).labels.byName(name)!.id;

  it('reports what arrived since then and was never reported, oldest first, and says so at the end', async () => {
    const tooOld = old(10 * DAY);
    const sent = [9, 5, 7, 3, 8].map((days) => [days, old(days * DAY - HOUR)] as const);
    old(4 * DAY, ['SENT']);
    const mailbox = await app.connect(address);
    const live = app.google.deliver(address, { subject: 'live', text: 'x' }).id;
    await quiet(app, mailbox);
    const since = ago(9 * DAY);
    await app.api.post(url(mailbox), { since }, 202);
    const events = await ended(mailbox);
    const expected = sent.toSorted(([one], [other]) => other - one).map(([, id]) => id);
    expect(ids(events)).toEqual([live, ...expected]);
    expect(ids(events)).not.toContain(tooOld);
    expect(added(events).map(({ origin }) => origin)).toEqual(['live', ...expected.map(() => 'backfill')]);
    expect(events.at(-1)).toMatchObject({
      type: 'mailbox.backfilled',
      origin: 'backfill',
      data: { since, recovered: { 'message.added': 5 }, complete: true },
    });
    expect((await view(mailbox)).backfill).toBeNull();

    // The same once more finds nothing that was not reported.
    await app.api.post(url(mailbox), { since }, 202);
    const again = await ended(mailbox, 2);
    const nothing = { since, recovered: { 'message.added': 0 }, complete: true };
    expect(again.slice(events.length)).toEqual([expect.objectContaining({ data: nothing })]);
  });

  it('has a sync read what has arrived since the watch was stopped', async () => {
    const first = old(DAY);
    const mailbox = await app.connect(address);
    await app.api.delete(`/v1/mailboxes/${mailbox.id}/watch`, 200);
    await quiet(app, mailbox);
    const { id } = app.google.deliver(address, { subject: 'unwatched', text: 'x' });
    await app.api.post(url(mailbox), { since: ago(2 * DAY) }, 202);
    await ended(mailbox);
    const reported = async () => added(await everyEventOf(app, mailbox.id));
    await eventually(async () => (await reported()).length === 2);
    expect((await reported()).map((event) => [messageIdOf(event), event.origin])).toEqual(
      expect.arrayContaining([
        [first, 'backfill'],
        [id, 'live'],
      ]),
    );
  });

  it('reads a mailbox of any size in spans of time, each message once, whatever arrives meanwhile', async () => {
    const expected = Array.from({ length: 620 }, (_, n) =>
      old(20 * DAY - n * 1_000 * 60 * (n % 7 === 0 ? 40 : 1)),
    );
    const mailbox = await app.connect(address);
    await quiet(app, mailbox);
    await app.api.post(url(mailbox), { since: ago(25 * DAY) }, 202);
    const live: string[] = [];
    const events = await eventually(
      () => {
        if (live.length < 15) live.push(app.google.deliver(address, { subject: 'live', text: 'x' }).id);
        return everyEventOf(app, mailbox.id);
      },
      { until: (all) => ofType(all, 'mailbox.backfilled').length === 1, timeout: 60_000 },
    );
    await quiet(app, mailbox);
    const all = await everyEventOf(app, mailbox.id);
    expect(ids(all).toSorted()).toEqual([...expected, ...live].toSorted());
    const found = added(all).filter(({ origin }) => origin === 'backfill');
    expect(found.map(messageIdOf).toSorted()).toEqual(expected.toSorted());
    const times = found.map(({ data }) => Date.parse(data.message!.internalDate!));
    expect(times).toEqual(times.toSorted((one, other) => one - other));
    expect(ofType(events, 'mailbox.backfilled')[0]!.data.recovered).toEqual({ 'message.added': 620 });
  });

  it('estimates beforehand what it reads and costs, and with dryRun does nothing else', async () => {
    for (let n = 0; n < 12; n++) old((n + 1) * HOUR);
    const mailbox = await app.connect(address);
    await quiet(app, mailbox);
    const body = { since: ago(10.5 * HOUR), dryRun: true };
    const { backfill } = await app.api.post(url(mailbox), body, 200);
    expect(backfill).toEqual({ messages: 10, units: 10 * 20 + 2 * 5, seconds: 1 });
    expect((await view(mailbox)).backfill).toBeNull();
    expect(ids(await everyEventOf(app, mailbox.id))).toEqual([]);
    // What is asked for without it is answered with the same.
    expect(await app.api.post(url(mailbox), { since: body.since }, 202)).toEqual({ backfill });
    await ended(mailbox);
  });

  it('is refused for a time too far back, unless forced, and for one in the future', async () => {
    old(600 * DAY);
    const mailbox = await app.connect(address);
    const problem = async (body: object): Promise<unknown> => (await ask(mailbox, body)).json();
    const refused = { status: 400, code: 'validation_failed', errors: [{ path: 'since' }] };
    for (const body of [
      { since: ago(31 * DAY) },
      { since: ago(31 * DAY), dryRun: true },
      ...[{ since: ago(-HOUR) }, { since: ago(-HOUR), force: true }, { since: 'yesterday' }, {}],
      { since: '2026-02-30T00:00:00Z', force: true },
    ])
      expect(await problem(body)).toMatchObject(refused);
    expect((await ask(mailbox, { since: ago(30 * DAY) })).status).toBe(202);
    await ended(mailbox);
    const ancient = old(400 * DAY);
    expect((await ask(mailbox, { since: ago(500 * DAY), force: true })).status).toBe(202);
    expect(ids(await ended(mailbox, 2))).toContain(ancient);
    const ever = { since: '1970-01-01T00:00:00Z', force: true, dryRun: true };
    expect(await problem(ever)).toMatchObject({ backfill: { messages: 1 } });
    for (const backfillSince of [ago(31 * DAY), ago(-HOUR), 'yesterday'])
      expect(await app.api.post('/v1/connect-sessions', { backfillSince }, 400)).toMatchObject({
        ...{ code: 'validation_failed', errors: [{ path: 'backfillSince' }] },
      });
  });

  it('runs once at a time for a mailbox: of two requests on two replicas one is refused', async () => {
    old(HOUR);
    const mailbox = await app.connect(address);
    await quiet(app, mailbox);
    const fault = app.google.failNext({
      ...{ method: 'gmail.users.messages.get', account: address, hang: true },
    });
    const other = await app.replica();
    const body = { since: ago(DAY) };
    const services = [app.service, other, app.service, other];
    const answers = await Promise.all(services.map((service) => ask(mailbox, body, service)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([202, 409, 409, 409]);
    const refused = answers.find(({ status }) => status === 409)!;
    expect(await refused.json()).toMatchObject({ code: 'backfill_running' });
    fault.release();
    await ended(mailbox);
  });

  it('shows with the mailbox how far it is, and answers a dry run meanwhile', async () => {
    old(HOUR);
    const mailbox = await app.connect(address);
    await quiet(app, mailbox);
    app.google.failNext({
      ...{ method: 'gmail.users.messages.get', account: address, status: 500, reason: 'backendError' },
      times: 1_000,
    });
    const since = ago(DAY);
    await app.api.post(url(mailbox), { since }, 202);
    const { backfill } = await eventually(() => view(mailbox), {
      until: ({ backfill: running }) => running?.lastError != null,
    });
    expect(backfill).toMatchObject({ since, position: null, recovered: 0 });
    expect(backfill?.lastError?.code).toBe('gmail_unavailable');
    expect((await ask(mailbox, { since })).status).toBe(409);
    app.google.faults.clear();
    expect((await ask(mailbox, { since, dryRun: true })).status).toBe(200);
    await ended(mailbox);
  });

  it('reads the labels of the watch: any of several, or all but those that are excluded', async () => {
    const work = old(3 * HOUR, [label('Work')]);
    const both = old(2 * HOUR, [label('Work'), label('Home')]);
    const home = old(1 * HOUR, [label('Home')]);
    const inbox = old(0.5 * HOUR, ['INBOX']);
    const mailbox = await app.connect(address, { labelIds: [label('Work'), label('Home')] });
    await quiet(app, mailbox);
    await app.api.post(url(mailbox), { since: ago(DAY) }, 202);
    expect(ids(await ended(mailbox))).toEqual([work, both, home]);

    const filter = { labelIds: [label('Work')], labelFilterBehavior: 'exclude' };
    await app.api.put(`/v1/mailboxes/${mailbox.id}/watch`, filter);
    await app.api.post(url(mailbox), { since: ago(DAY) }, 202);
    expect(ids(await ended(mailbox, 2))).toEqual([work, both, home, inbox]);
  });

  it('waits while the owner has to consent again, and goes on then', async () => {
    const ids_ = [old(2 * HOUR), old(HOUR)];
    const mailbox = await app.connect(address);
    await quiet(app, mailbox);
    app.google.revokeByUser(address);
    app.google.killAccessTokens(address);
    await app.database.dataSource.query('INSERT INTO backfills (mailbox_id, since) VALUES ($1, $2)', [
      mailbox.id,
      ago(DAY),
    ]);
    await eventually(async () => (await view(mailbox)).status === 'reauthorization_required');
    expect((await ask(mailbox, { since: ago(DAY) })).status).toBe(409);
    await app.connect(address);
    expect(ids(await ended(mailbox))).toEqual(ids_);
  });

  it('ends with a disconnect, and leaves no trace', async () => {
    old(HOUR);
    const mailbox = await app.connect(address);
    await quiet(app, mailbox);
    const fault = app.google.failNext({ method: 'gmail.users.messages.get', account: address, hang: true });
    await app.api.post(url(mailbox), { since: ago(DAY) }, 202);
    await eventually(() => fault.hits > 0);
    await app.api.delete(`/v1/mailboxes/${mailbox.id}`, 202);
    fault.release();
    await eventually(async () => (await view(mailbox)).status === 'disconnected');
    expect((await view(mailbox)).backfill).toBeNull();
    expect((await everyEventOf(app, mailbox.id)).map(({ type }) => type)).toEqual([
      'mailbox.connected',
      'mailbox.disconnected',
    ]);
    expect((await ask(mailbox, { since: ago(DAY), dryRun: true })).status).toBe(409);
  });

  it('comes with a connect session, and never reports twice what was reported before a reconnection', async () => {
    const first = [old(3 * HOUR), old(2 * HOUR)];
    const mailbox = await app.connect(address, { backfillSince: ago(DAY) });
    expect(ids(await ended(mailbox))).toEqual(first);
    await app.api.delete(`/v1/mailboxes/${mailbox.id}`, 202);
    await eventually(async () => (await view(mailbox)).status === 'disconnected');
    const missed = old(HOUR);
    await app.connect(address, { backfillSince: ago(DAY) });
    expect(ids(await ended(mailbox, 2))).toEqual([...first, missed]);
  });
});
