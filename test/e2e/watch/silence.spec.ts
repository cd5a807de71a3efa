import type { Mailbox } from '../../support/api-types';
import { eventually } from '../../support/eventually';
import { logOf, messageEvents, quiet } from '../../support/event/mailbox-log';
import { createTestApp, type TestApp } from '../../support/test-app';

describe('a watch whose pushes do not come', () => {
  let app: TestApp;
  let address: string;
  let mailbox: Mailbox;
  let count = 0;
  beforeAll(
    async () =>
      void (app = await createTestApp({ RECONCILE_INTERVAL: '100ms', WATCH_RENEWAL_INTERVAL: '50ms' })),
  );
  afterAll(() => app?.close());
  beforeEach(async () => {
    app.pushes.chaos = {};
    address = `box-${++count}@example.com`;
    mailbox = await app.connect(address);
    await quiet(app, mailbox);
    // What is found just after connecting says nothing about the watch.
    await eventually(async () => (await get()).sync.lastSyncAt);
    app.google.requests.clear();
  });

  const asked = () =>
    app.google.requests
      .list({ account: address })
      .filter(({ method }) => /watch|stop/.test(method))
      .map(({ method }) => method.split('.').at(-1));
  const get = () => app.api.get(`/v1/mailboxes/${mailbox.id}`);
  const silentSyncs = async () => {
    const [row] = await app.database.dataSource.query<[{ silent_syncs: number }]>(
      'SELECT silent_syncs FROM mailbox_cursors WHERE mailbox_id = $1',
      [mailbox.id],
    );
    return row.silent_syncs;
  };
  /** Mail arrives and is found; resolves with its event. */
  const find = async (labelIds = ['INBOX']) => {
    const { id } = app.google.deliver(address, { labelIds });
    const events = messageEvents(await logOf(app, mailbox));
    return events.find(({ data }) => data.messageId === id);
  };

  it('reads a mailbox that was quiet for RECONCILE_INTERVAL, push or no push', async () => {
    app.pushes.chaos = { drop: 1 };
    expect(await find()).toMatchObject({ type: 'message.added', origin: 'live' });
  });

  it('starts a watch afresh when changes come without a push, more than once', async () => {
    app.pushes.chaos = { drop: 1 };
    await find();
    expect(await silentSyncs()).toBe(1);
    expect(asked()).toEqual([]);
    await find();
    await eventually(() => asked().length === 2);
    expect(asked()).toEqual(['stop', 'watch']);
    await eventually(async () => (await silentSyncs()) < 0);
    expect((await get()).watch).toMatchObject({ status: 'active', lastError: null });
    expect(app.logs.some((line) => line.includes('the watch is started afresh'))).toBe(true);
    // A subscription that is broken for everybody does not make every watch be started over and over.
    await find();
    await find();
    expect(asked()).toEqual(['stop', 'watch']);
  });

  it('leaves a watch alone that a push shows to be alive, or whose filter lets nothing through', async () => {
    app.pushes.chaos = { drop: 1 };
    for (let i = 0; i < 3; i++) await find(['SENT']);
    expect(await silentSyncs()).toBe(0);
    await find();
    expect(await silentSyncs()).toBe(1);
    app.pushes.chaos = {};
    app.google.notify(address);
    await eventually(async () => (await silentSyncs()) === 0);
    expect(asked()).toEqual([]);
  });

  it('leaves a watch alone whose changes were found because somebody asked for a sync', async () => {
    app.pushes.chaos = { drop: 1 };
    const putOff = () =>
      app.database.dataSource.query<[unknown[], number]>(
        `UPDATE mailbox_cursors SET next_sync_at = now() + interval '1 hour'
         WHERE mailbox_id = $1 AND claimed_by IS NULL RETURNING 1`,
        [mailbox.id],
      );
    await eventually(putOff, { until: ([rows]) => rows.length === 1 });
    app.google.deliver(address);
    await app.api.post(`/v1/mailboxes/${mailbox.id}/sync`, undefined, 202);
    await logOf(app, mailbox);
    expect(await silentSyncs()).toBe(0);
  });

  it('reports a watch that could be stopped and not be started again', async () => {
    app.pushes.chaos = { drop: 1 };
    const fault = {
      method: 'gmail.users.watch',
      account: address,
      times: 1,
      status: 403,
      reason: 'forbidden',
    };
    app.google.failNext(fault);
    await find();
    await find();
    const types = async () => (await logOf(app, mailbox)).map(({ type }) => type);
    await eventually(types, { until: (all) => all.includes('watch.failed') });
    await eventually(async () => (await get()).watch!, { until: ({ status }) => status === 'active' });
    expect(asked().slice(0, 3)).toEqual(['stop', 'watch', 'stop']);
    expect((await get()).watch!.lastError).toBeNull();
  });
});
