import type { Mailbox } from '../../support/api-types';
import { eventually } from '../../support/eventually';
import { logOf, messageEvents } from '../../support/event/mailbox-log';
import { snapshotIs } from '../../support/sync/snapshot';
import { createTestApp, type TestApp } from '../../support/test-app';

const MODIFY = 'gmail.users.messages.modify';

describe('SUPPRESS_OWN_CHANGES', () => {
  let app: TestApp;
  let address: string;
  let mailbox: Mailbox;
  let id: string;
  let count = 0;
  beforeAll(async () => {
    app = await createTestApp({
      GMAIL_SCOPES: 'https://www.googleapis.com/auth/gmail.modify',
      SUPPRESS_OWN_CHANGES: 'true',
    });
  });
  afterAll(() => app?.close());
  beforeEach(async () => {
    address = `owner-${++count}@example.com`;
    mailbox = await app.connect(address, { labelIds: [] });
    await snapshotIs(app, mailbox.id);
    id = app.google.deliver(address).id;
    await logOf(app, mailbox);
  });
  afterEach(() => {
    app.google.faults.clear();
    app.pushes.resume();
  });

  type Labels = { addLabelIds?: string[]; removeLabelIds?: string[] };
  const STAR: Labels = { addLabelIds: ['STARRED'] };
  const UNSTAR: Labels = { removeLabelIds: ['STARRED'] };
  const own = (labels: Labels, expected = 200) =>
    app.api.post(`/v1/mailboxes/${mailbox.id}/messages/${id}/modify`, labels, expected);
  const owner = (labels: Labels) => app.google.modify(address, id, labels);
  /** What the log has after the arrival of the message, as `+LABEL` and `-LABEL`. */
  const reported = async () =>
    messageEvents(await logOf(app, mailbox)).flatMap(({ data }) => {
      if (!('changedLabelIds' in data)) return [];
      const labels = data.labelIds;
      return data.changedLabelIds.map((label) => `${labels.includes(label) ? '+' : '-'}${label}`);
    });
  const rows = async () =>
    (
      await app.database.dataSource.query<unknown[]>('SELECT FROM own_changes WHERE mailbox_id = $1', [
        mailbox.id,
      ])
    ).length;
  /** Nothing is read until then: all is in one read. */
  const unread = async (work: () => Promise<unknown>) => {
    app.pushes.pause();
    await work();
    app.pushes.resume();
    app.google.notify(address);
  };

  it('reports nothing of a change that was made through the API, and forgets it', async () => {
    await own({ addLabelIds: ['STARRED', 'IMPORTANT'], removeLabelIds: ['UNREAD', 'INBOX'] });
    await own({ addLabelIds: ['TRASH'] });
    expect(await reported()).toEqual([]);
    expect(await rows()).toBe(0);
  });

  it('reports what the owner does at the same moment, to the same message too', async () => {
    await unread(async () => {
      owner({ removeLabelIds: ['UNREAD'] });
      await own(STAR);
      owner({ addLabelIds: ['IMPORTANT'] });
      app.google.deliver(address);
    });
    expect(await reported()).toEqual(['-UNREAD', '+IMPORTANT']);
  });

  it.each([true, false])("reports the owner's own repetition later (read together: %s)", async (together) => {
    const repeat = async () => {
      await own(STAR);
      if (!together) await reported();
      owner(UNSTAR);
      owner(STAR);
    };
    await (together ? unread(repeat) : repeat());
    expect(await reported()).toEqual(['-STARRED', '+STARRED']);
    expect(await rows()).toBe(0);
  });

  it.each([true, false])(
    'suppresses nothing for a change that changed nothing (read together: %s)',
    async (together) => {
      owner(STAR);
      await reported();
      const change = async () => {
        await own(STAR);
        owner(UNSTAR);
        if (!together) await reported();
        owner(STAR);
      };
      await (together ? unread(change) : change());
      expect(await reported()).toEqual(['+STARRED', '-STARRED', '+STARRED']);
      expect(await rows()).toBe(0);
    },
  );

  it('suppresses nothing of a label that it did not change, beside one that it did', async () => {
    owner(STAR);
    await own({ addLabelIds: ['STARRED', 'IMPORTANT'] });
    owner(UNSTAR);
    owner(STAR);
    owner({ removeLabelIds: ['IMPORTANT'] });
    owner({ addLabelIds: ['IMPORTANT'] });
    const all = ['+STARRED', '-STARRED', '+STARRED', '-IMPORTANT', '+IMPORTANT'];
    expect(await reported()).toEqual(all);
    expect(await rows()).toBe(0);
  });

  it('reports what the owner did just before, though nothing had announced it', async () => {
    await unread(async () => {
      owner(STAR);
      await own(STAR);
    });
    expect(await reported()).toEqual(['+STARRED']);
    await unread(async () => {
      owner(UNSTAR);
      await own(STAR);
    });
    expect(await reported()).toEqual(['+STARRED', '-STARRED']);
  });

  it('suppresses nothing for a change that Gmail refused', async () => {
    app.google.failNext({ method: MODIFY, account: address, status: 403, reason: 'forbidden' });
    await own(STAR, 502);
    expect(await rows()).toBe(0);
    owner(STAR);
    expect(await reported()).toEqual(['+STARRED']);
  });

  it('suppresses nothing for a change that never reached Gmail', async () => {
    app.google.failNext({ method: MODIFY, account: address, dropConnection: true });
    await own(STAR, 503);
    owner(STAR);
    expect(await reported()).toEqual(['+STARRED']);
  });

  it('reports nothing of a change whose answer was lost, nor of its repetition', async () => {
    app.google.failNext({ method: MODIFY, account: address, dropConnection: true, when: 'after' });
    await unread(async () => {
      await own(STAR, 503);
      await own(STAR);
    });
    expect(await reported()).toEqual([]);
    owner(UNSTAR);
    owner(STAR);
    expect(await reported()).toEqual(['-STARRED', '+STARRED']);
  });

  it('waits for the answer when history shows a change before Gmail has answered it', async () => {
    const fault = app.google.failNext({ method: MODIFY, account: address, hang: true, when: 'after' });
    const before = app.google.historyId(address);
    const change = own(STAR);
    await eventually(() => app.google.historyId(address) !== before);
    owner({ addLabelIds: ['IMPORTANT'] });
    await eventually(() =>
      app.logs.some((line) => line.includes('"postponed"') && line.includes(mailbox.id)),
    );
    fault.release();
    await change;
    expect(await reported()).toEqual(['+IMPORTANT']);
  });

  it.each([
    [403, 502],
    [409, 503],
  ])(
    "reports the owner's change that a refused one (%i) resembles, though it is read before the refusal",
    async (status, answer) => {
      const fault = app.google.failNext({
        ...{ method: MODIFY, account: address, hang: true, when: 'after', status, reason: 'forbidden' },
      });
      fault.options.when = 'before';
      const change = own(STAR, answer);
      await eventually(async () => (await rows()) === 1);
      owner(STAR);
      await eventually(() =>
        app.logs.some((line) => line.includes('"postponed"') && line.includes(mailbox.id)),
      );
      fault.release();
      await change;
      expect(await reported()).toEqual(['+STARRED']);
    },
  );

  it('knows its changes on every replica', async () => {
    const other = await app.replica();
    await fetch(`${other.address}/v1/mailboxes/${mailbox.id}/messages/${id}/modify`, {
      method: 'POST',
      headers: { authorization: `Bearer ${app.environment.API_KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify(STAR),
    });
    expect(await reported()).toEqual([]);
  });

  it('reports the change of a process that was killed before it wrote the answer down neither', async () => {
    await unread(async () => {
      await own(STAR);
      // As it is when the process dies between the two: it was asked for, and the time for the answer runs out.
      await app.database.dataSource.query(
        `UPDATE own_changes SET state = 'asked', answered_by = now() + interval '1 s' WHERE mailbox_id = $1`,
        [mailbox.id],
      );
    });
    expect(await reported()).toEqual([]);
    expect(await rows()).toBe(0);
  });

  it('leaves own changes out of the repair of a gap', async () => {
    app.pushes.pause();
    await own({ addLabelIds: ['STARRED'], removeLabelIds: ['UNREAD'] });
    owner({ addLabelIds: ['IMPORTANT'] });
    app.google.expireHistory(address);
    await app.api.post(`/v1/mailboxes/${mailbox.id}/sync`, undefined, 202);
    await eventually(() => app.api.events({ mailboxId: mailbox.id }), {
      until: (all) => all.some(({ type }) => type === 'mailbox.gap'),
    });
    expect(await reported()).toEqual(['+IMPORTANT']);
    expect(await rows()).toBe(0);
  });

  it('keeps nothing of them when the mailbox is disconnected', async () => {
    app.pushes.pause();
    await own(STAR);
    expect(await rows()).toBe(1);
    await app.api.delete(`/v1/mailboxes/${mailbox.id}`, 202);
    await eventually(
      async () => (await app.api.get(`/v1/mailboxes/${mailbox.id}`)).status === 'disconnected',
    );
    expect(await rows()).toBe(0);
  });

  it('costs one unit more, to know what others had done before', async () => {
    app.pushes.pause();
    app.google.requests.clear();
    await own(STAR);
    expect(app.google.unitsUsed(address)).toBe(5 + 1);
  });
});
