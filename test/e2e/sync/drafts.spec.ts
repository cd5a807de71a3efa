import { jest } from '@jest/globals';
import { MessageEventService } from '../../../src/sync/history/message-event.service';
import type { Mailbox } from '../../support/api-types';
import { eventually } from '../../support/eventually';
import { logOf, messageEvents } from '../../support/event/mailbox-log';
import { messageIdOf, ofType } from '../../support/event/of-type';
import { untilBackfilled } from '../../support/sync/until-backfilled';
import { snapshotIs } from '../../support/sync/snapshot';
import { createTestApp, type TestApp } from '../../support/test-app';

describe('drafts', () => {
  let app: TestApp;
  let address: string;
  let mailbox: Mailbox;
  let count = 0;
  beforeAll(async () => void (app = await createTestApp({ DRAFTS: 'none' })));
  afterAll(() => app?.close());
  const begin = async (filter: Record<string, unknown> = { labelIds: [] }) => {
    address = `writer-${++count}@example.com`;
    mailbox = await app.connect(address, filter);
    await snapshotIs(app, mailbox.id);
  };
  afterEach(() => {
    app.google.switches.deletionsWithoutLabels = false;
    app.pushes.resume();
    app.google.faults.clear();
    jest.restoreAllMocks();
  });

  const told = async () =>
    messageEvents(await logOf(app, mailbox)).map(({ type, data }) => [type, data.messageId]);
  /** Three states of a draft, each under an id of its own. */
  const write = () => {
    const first = app.google.saveDraft(address, { subject: 'Hel' });
    const second = app.google.saveDraft(address, { subject: 'Hello' }, first.id);
    return app.google.saveDraft(address, { subject: 'Hello Ada' }, second.id);
  };
  const star = (id: string) => app.google.modify(address, id, { addLabelIds: ['STARRED'] });

  it('are left out while they are written, saved by themselves, starred and thrown away', async () => {
    await begin();
    const { id } = write();
    star(id);
    app.google.delete(address, id);
    app.google.saveDraft(address);
    expect(await told()).toEqual([]);
  });

  it.each([true, false])('are one message.added when they are sent (same message: %s)', async (keepId) => {
    await begin();
    const draft = write();
    await logOf(app, mailbox);
    const sent = app.google.sendDraft(address, draft.id, { keepId });
    expect(sent.id === draft.id).toBe(keepId);
    const events = messageEvents(await logOf(app, mailbox));
    expect(events.map(({ type, data }) => [type, data])).toEqual([
      [
        'message.added',
        expect.objectContaining({
          ...{ messageId: sent.id, labelIds: ['SENT'], historyId: sent.historyId },
          message: expect.objectContaining({ subject: 'Hello Ada' }),
        }),
      ],
    ]);
    // From then on it is a message like others.
    star(sent.id);
    app.google.delete(address, sent.id);
    expect((await told()).slice(1)).toEqual([
      ['message.labels_added', sent.id],
      ['message.deleted', sent.id],
    ]);
  });

  it('that are sent within one read with their writing are one message.added', async () => {
    await begin();
    app.pushes.pause();
    const sent = app.google.sendDraft(address, write().id, { keepId: true });
    app.pushes.resume();
    app.google.notify(address);
    expect(await told()).toEqual([['message.added', sent.id]]);
  });

  it('that are sent in two records are one message.added', async () => {
    await begin();
    const { id } = write();
    app.google.modify(address, id, { addLabelIds: ['SENT'] });
    app.google.modify(address, id, { removeLabelIds: ['DRAFT'] });
    expect(await told()).toEqual([['message.added', id]]);
  });

  it('are left out by a backfill too, and one that is sent afterwards is reported once', async () => {
    address = `writer-${++count}@example.com`;
    app.google.addAccount(address);
    const mail = app.google.deliver(address);
    const draft = write();
    mailbox = await app.connect(address, { labelIds: [] });
    const since = new Date(Date.now() - 3_600_000).toISOString();
    await app.api.post(`/v1/mailboxes/${mailbox.id}/backfill`, { since }, 202);
    expect(ofType(await untilBackfilled(app, mailbox), 'message.added').map(messageIdOf)).toEqual([mail.id]);
    app.google.sendDraft(address, draft.id, { keepId: true });
    expect((await told()).slice(1)).toEqual([['message.added', draft.id]]);
  });

  it.each([
    [{ labelIds: ['DRAFT'], labelFilterBehavior: 'exclude' }, ['SENT'], 1],
    [{ labelIds: ['SENT'] }, ['SENT'], 1],
    [{ labelIds: ['INBOX'] }, ['SENT'], 0],
    [{ labelIds: ['INBOX'] }, ['SENT', 'INBOX'], 1],
  ])('that are sent pass the filter %j by their labels %j', async (filter, labelIds, many) => {
    await begin(filter);
    for (const keepId of [true, false]) app.google.sendDraft(address, write().id, { keepId, labelIds });
    // What does not pass the filter announces nothing.
    app.google.notify(address);
    expect((await told()).map(([type]) => type)).toEqual(Array(2 * many).fill('message.added'));
  });

  it('are known by the snapshot when their deletion comes without labels', async () => {
    await begin();
    const [draft, mail] = [app.google.saveDraft(address), app.google.deliver(address)];
    expect(await told()).toEqual([['message.added', mail.id]]);
    app.google.switches.deletionsWithoutLabels = true;
    app.google.delete(address, draft.id);
    app.google.delete(address, mail.id);
    // Written and deleted within one read: the records themselves know it.
    app.pushes.pause();
    app.google.delete(address, write().id);
    app.pushes.resume();
    app.google.notify(address);
    expect((await told()).slice(1)).toEqual([['message.deleted', mail.id]]);
  });

  it('whose deletion comes without labels count where there is no snapshot', async () => {
    await begin();
    const draft = app.google.saveDraft(address);
    expect(await told()).toEqual([]);
    await app.database.dataSource.query(
      `UPDATE mailbox_snapshots SET state = 'unsupported' WHERE mailbox_id = $1`,
      [mailbox.id],
    );
    app.google.switches.deletionsWithoutLabels = true;
    app.google.delete(address, draft.id);
    expect(await told()).toEqual([['message.deleted', draft.id]]);
  });

  it.each(['ready', 'building'])('are left out by the repair of a gap too (snapshot: %s)', async (state) => {
    await begin();
    const [kept, thrown, sent] = [write(), write(), write()];
    await logOf(app, mailbox);
    app.pushes.pause();
    if (state === 'building')
      await app.database.dataSource.query(
        `UPDATE mailbox_snapshots SET state = 'building', build_at = now() + interval '1 h' WHERE mailbox_id = $1`,
        [mailbox.id],
      );
    star(kept.id);
    app.google.delete(address, thrown.id);
    app.google.saveDraft(address);
    app.google.sendDraft(address, sent.id, { keepId: true });
    const other = app.google.sendDraft(address, write().id);
    app.google.expireHistory(address);
    await app.api.post(`/v1/mailboxes/${mailbox.id}/sync`, undefined, 202);
    const events = await eventually(() => app.api.events({ mailboxId: mailbox.id }), {
      until: (all) => all.some(({ type }) => type === 'mailbox.gap'),
    });
    const found = messageEvents(events).map(({ type, data }) => [type, data.messageId]);
    expect(found.sort()).toEqual(
      [
        ['message.added', sent.id],
        ['message.added', other.id],
      ].sort(),
    );
    for (const { data } of messageEvents(events))
      expect(data).toMatchObject({ labelIds: ['SENT'], message: { subject: 'Hello Ada' } });
  });

  it('are left out of a record that cannot be processed', async () => {
    await begin();
    app.pushes.pause();
    const messageId = app.google.newMessageId();
    const mail = app.google.newMessageId();
    const service = app.service.application.get(MessageEventService, { strict: false });
    const real = service.toEvents.bind(service);
    jest.spyOn(service, 'toEvents').mockImplementation((changes, messages) => {
      if (changes.some((change) => change.messageId === mail)) throw new Error('poison');
      return real(changes, messages);
    });
    app.google.record(address, {
      added: [{ messageId, labelIds: ['DRAFT'] }, { messageId: mail }],
    });
    await app.database.dataSource.query('UPDATE mailbox_cursors SET attempts = 8 WHERE mailbox_id = $1', [
      mailbox.id,
    ]);
    await app.api.post(`/v1/mailboxes/${mailbox.id}/sync`, undefined, 202);
    const events = messageEvents(await logOf(app, mailbox));
    expect(events.map(({ data }) => data)).toMatchObject([{ messageId: mail, error: 'unprocessable' }]);
  });
});

describe('drafts, as long as the setting is not there', () => {
  let app: TestApp;
  beforeAll(async () => void (app = await createTestApp()));
  afterAll(() => app?.close());

  it('are reported like any message: each saving, each deletion, and the sending', async () => {
    const address = 'writer@example.com';
    const mailbox = await app.connect(address, { labelIds: [] });
    const first = app.google.saveDraft(address);
    const second = app.google.saveDraft(address, {}, first.id);
    app.google.sendDraft(address, second.id, { keepId: true });
    expect(messageEvents(await logOf(app, mailbox)).map(({ type, data }) => [type, data.messageId])).toEqual([
      ['message.added', first.id],
      ['message.added', second.id],
      ['message.deleted', first.id],
      ['message.labels_added', second.id],
      ['message.labels_removed', second.id],
    ]);
  });
});
