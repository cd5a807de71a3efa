import { EventLogService } from '../../../src/event/log/event-log.service';
import type { Event, Mailbox } from '../../support/api-types';
import { everyEventOf, messageEvents, quiet } from '../../support/event/mailbox-log';
import { messageIdOf, ofType } from '../../support/event/of-type';
import { eventually } from '../../support/eventually';
import { contentsOf, snapshotIs, snapshotOf } from '../../support/sync/snapshot';
import { untilBackfilled } from '../../support/sync/until-backfilled';
import { createTestApp, type TestApp } from '../../support/test-app';

const HOUR = 3_600_000;
const SINCE = new Date(Date.now() - 24 * HOUR).toISOString();

describe('a backfill of messages that change meanwhile', () => {
  let app: TestApp;
  let count = 0;
  let address: string;
  beforeAll(async () => void (app = await createTestApp()));
  afterAll(() => app?.close());
  beforeEach(() => app.google.addAccount((address = `changing-${++count}@example.com`)));
  afterEach(() => app.pushes.resume());

  /** A mail of so long ago. */
  const old = (ms: number) =>
    app.google.deliver(address, { text: 'x', labelIds: ['INBOX'], internalDate: Date.now() - ms }).id;
  /** Lets something happen once the backfill of the mailbox has read its messages, before it appends them. */
  const onceRead = (mailbox: Mailbox, happen: () => void) => {
    const log = app.service.application.get(EventLogService, { strict: false });
    const backlog = log.backlog.bind(log);
    let isFirst = true;
    log.backlog = async (id) => {
      if (id !== mailbox.id || !isFirst) return backlog(id);
      isFirst = false;
      happen();
      await quiet(app, mailbox);
      return 0;
    };
    return () => void (log.backlog = backlog);
  };
  const backfill = ({ id }: Mailbox) => app.api.post(`/v1/mailboxes/${id}/backfill`, { since: SINCE }, 202);

  it('reports nothing that changed between reading and appending as it was before', async () => {
    const [deleted, starred] = [old(2 * HOUR), old(HOUR)];
    const mailbox = await app.connect(address);
    await quiet(app, mailbox);
    const restore = onceRead(mailbox, () => {
      app.google.delete(address, deleted);
      app.google.modify(address, starred, { addLabelIds: ['STARRED'] });
    });
    try {
      await backfill(mailbox);
      const events = messageEvents(await untilBackfilled(app, mailbox));
      expect(events.map(({ type, data }) => [type, data.messageId])).toEqual([
        ['message.deleted', deleted],
        ['message.labels_added', starred],
        ['message.added', starred],
      ]);
      expect(ofType(events, 'message.added')[0]!.data.labelIds).toContain('STARRED');
    } finally {
      restore();
    }
  });

  it('reports the oldest first, also what changed between reading and appending', async () => {
    const [first, starred, third, deleted, last] = [5, 4, 3, 2, 1].map((hours) => old(hours * HOUR));
    const mailbox = await app.connect(address);
    await quiet(app, mailbox);
    const restore = onceRead(mailbox, () => {
      app.google.modify(address, starred!, { addLabelIds: ['STARRED'] });
      app.google.delete(address, deleted!);
    });
    try {
      await backfill(mailbox);
      const added = ofType(await untilBackfilled(app, mailbox), 'message.added');
      expect(added.map(messageIdOf)).toEqual([first, starred, third, last]);
      expect(added.map(({ data }) => data.labelIds)).toEqual([
        ['INBOX'],
        ['INBOX', 'STARRED'],
        ['INBOX'],
        ['INBOX'],
      ]);
    } finally {
      restore();
    }
  });

  it('reports messages from a gap that no sync has found yet, and what became of them since is repaired too', async () => {
    const { google } = app;
    const starred = old(2 * HOUR);
    const mailbox = await app.connect(address);
    await snapshotIs(app, mailbox.id);
    app.pushes.pause();
    const [changed, deleted] = [old(2_000), old(1_000)];
    google.modify(address, starred, { addLabelIds: ['STARRED'] });
    google.expireHistory(address);
    await backfill(mailbox);
    const reported = messageEvents(await untilBackfilled(app, mailbox));
    expect(reported.map(({ type, data }) => [type, data.messageId])).toEqual(
      [starred, changed, deleted].map((id) => ['message.added', id]),
    );

    google.modify(address, starred, { removeLabelIds: ['STARRED'] });
    google.modify(address, changed, { addLabelIds: ['IMPORTANT'] });
    google.delete(address, deleted);
    google.expireHistory(address);
    await app.api.post(`/v1/mailboxes/${mailbox.id}/sync`, undefined, 202);
    const events = await eventually(() => everyEventOf(app, mailbox.id), {
      until: (all) => ofType(all, 'mailbox.gap').length > 0,
    });
    const repaired = messageEvents(events).slice(reported.length);
    const labels = ({ data }: Event) => ('changedLabelIds' in data ? data.changedLabelIds : []);
    expect(repaired.map((event) => [event.type, messageIdOf(event), ...labels(event)]).sort()).toEqual([
      ['message.deleted', deleted],
      ['message.labels_added', changed, 'IMPORTANT'],
      ['message.labels_removed', starred, 'STARRED'],
    ]);
    expect(await snapshotOf(app, mailbox.id)).toEqual(contentsOf(app, address, 'INBOX'));
  });
});
