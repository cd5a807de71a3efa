import { Receiver } from '../../fakes/receiver/receiver';
import type { Mailbox } from '../../support/api-types';
import { quiet } from '../../support/event/mailbox-log';
import { messageIdOf, ofType } from '../../support/event/of-type';
import { eventually } from '../../support/eventually';
import { median } from '../../support/percentile';
import { snapshotIs } from '../../support/sync/snapshot';
import { untilBackfilled } from '../../support/sync/until-backfilled';
import { createTestApp, type TestApp } from '../../support/test-app';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const ago = (ms: number) => new Date(Date.now() - ms).toISOString();

/** Under gmail.metadata Gmail refuses to search. */
describe('a backfill without searches', () => {
  let app: TestApp;
  beforeAll(
    async () =>
      void (app = await createTestApp({
        GMAIL_SCOPES: 'https://www.googleapis.com/auth/gmail.metadata',
        GMAIL_UNITS_PER_MINUTE_MAILBOX: '1000000',
      })),
  );
  afterAll(() => app?.close());

  it('reads the lists newest first down to that time, and reports oldest first', async () => {
    const address = 'metadata@example.com';
    const work = app.google.addAccount(address, { labels: ['Work'] }).labels.byName('Work')!.id;
    app.google.quota.enforced = false;
    const deliver = (days: number, labelIds: string[]) =>
      app.google.deliver(address, { text: 'x', labelIds, internalDate: Date.now() - days * DAY }).id;
    for (let n = 0; n < 520; n++) deliver(400 - n / 2, ['INBOX']);
    const expected = Array.from({ length: 230 }, (_, n) => deliver(20 - n / 20, n % 3 ? ['INBOX'] : [work]));
    const mailbox = await app.connect(address, { labelIds: ['INBOX', work] });
    await Promise.all([quiet(app, mailbox), snapshotIs(app, mailbox.id)]);
    const since = ago(21 * DAY);
    const { backfill } = await app.api.post(
      `/v1/mailboxes/${mailbox.id}/backfill`,
      { since, dryRun: true },
      200,
    );
    // The whole labels are counted.
    expect(backfill.messages).toBe(750);
    app.google.requests.clear();
    await app.api.post(`/v1/mailboxes/${mailbox.id}/backfill`, { since }, 202);
    const events = await untilBackfilled(app, mailbox);
    expect(ofType(events, 'message.added').map(messageIdOf)).toEqual(expected);
    // A page of each label, for the estimate and for the run: the second page of INBOX is older than that.
    expect(app.google.requests.count({ method: 'gmail.users.messages.list' })).toBe(2 + 2);
  });
});

describe('a backfill that takes long', () => {
  let app: TestApp;
  const address = 'large@example.com';
  beforeAll(async () => {
    app = await createTestApp({ GMAIL_UNITS_PER_MINUTE_MAILBOX: '1000000', ALLOW_PRIVATE_ENDPOINTS: 'true' });
    app.google.quota.enforced = false;
  });
  afterAll(() => app?.close());

  const url = ({ id }: Mailbox) => `/v1/mailboxes/${id}/backfill` as const;
  const view = ({ id }: Mailbox) => app.api.get(`/v1/mailboxes/${id}`);

  it('reports oldest first also when messages are read one by one, after several failures', async () => {
    const failing = 'failing@example.com';
    app.google.addAccount(failing);
    const sent = [5, 4, 3, 2].map(
      (days) => app.google.deliver(failing, { text: 'x', internalDate: Date.now() - days * DAY }).id,
    );
    const mailbox = await app.connect(failing);
    await quiet(app, mailbox);
    app.google.failNext({ method: 'gmail.users.messages.get', account: failing, status: 503, times: 1_000 });
    await app.api.post(url(mailbox), { since: ago(9 * DAY) }, 202);
    await eventually(() => view(mailbox), { until: ({ backfill }) => backfill?.lastError != null });
    await app.database.dataSource.query('UPDATE backfills SET attempts = 4');
    app.google.faults.clear();
    const events = await untilBackfilled(app, mailbox);
    expect(ofType(events, 'message.added').map(messageIdOf)).toEqual(sent);
  });

  it('keeps no list of a large mailbox: neither in memory nor in a table', async () => {
    app.google.addAccount(address);
    app.google.fill(address, 10_000, () => ['INBOX']);
    const mailbox = await app.connect(address, { labelIds: ['SENT'] });
    await app.api.put(`/v1/mailboxes/${mailbox.id}/watch`, { labelIds: ['INBOX'] });
    await snapshotIs(app, mailbox.id);
    app.google.requests.clear();
    await app.api.post(url(mailbox), { since: ago(25 * DAY) }, 202);
    const recovered = await eventually(async () => (await view(mailbox)).backfill?.recovered ?? 0, {
      until: (count) => count >= 100,
      timeout: 60_000,
    });
    // It finds a hundred by cutting the time. To list all of them takes twenty pages, for each restart anew.
    const lists = app.google.requests.list({ method: 'gmail.users.messages.list' });
    expect(lists.length).toBeLessThan(15 + recovered / 10);
    await app.api.delete(`/v1/mailboxes/${mailbox.id}`, 202);
    await eventually(async () => (await view(mailbox)).status === 'disconnected');
  }, 90_000);

  it('never slows a live mail: neither of its own mailbox nor of another', async () => {
    const MAILS = 15;
    const [full, other] = ['full@example.com', 'other@example.com'];
    app.google.addAccount(full);
    app.google.fill(full, 1_000, () => ['INBOX']);
    const [mailbox, quietOne] = [await app.connect(full), await app.connect(other)];
    const receiver = await Receiver.start();
    /** How many old ones had come when a mail came. */
    const arrived = new Map<string, number>();
    let old = 0;
    receiver.answer = async ({ event }) => {
      if (event.origin === 'backfill') old++;
      if (event.data.messageId) arrived.set(event.data.messageId, old);
      await new Promise((resolve) => setTimeout(resolve, 2));
      return 204;
    };
    const endpoint = await app.api.post('/v1/endpoints', { url: receiver.origin }, 201);
    await Promise.all([quiet(app, mailbox), quiet(app, quietOne)]);
    /** How many old ones are reported while a mail is on its way, each of several that come one after the other. */
    const oldOnesBefore = async (to: string) => {
      const each: number[] = [];
      for (let n = 0; n < MAILS; n++) {
        const before = old;
        const { id } = app.google.deliver(to, { subject: 'live', text: 'x' });
        each.push(
          (await eventually(() => arrived.get(id), { until: (seen) => seen !== undefined }))! - before,
        );
      }
      return each;
    };
    await app.api.post(url(mailbox), { since: ago(2 * DAY) }, 202);
    await eventually(async () => ((await view(mailbox)).backfill?.recovered ?? 0) > 0);
    const [own, others] = [await oldOnesBefore(full), await oldOnesBefore(other)];
    const stillRuns = (await view(mailbox)).backfill !== null;
    await app.api.delete(`/v1/mailboxes/${mailbox.id}`, 202);
    await app.api.delete(`/v1/endpoints/${endpoint.id}`, 204);
    await receiver.stop();
    expect(stillRuns).toBe(true);

    // Its own mail comes behind what is in the log before it, which is little of a thousand.
    expect(Math.max(...own)).toBeLessThanOrEqual(12);
    // Another's waits for none: some are reported meanwhile, as the work goes on side by side.
    expect(median(others)).toBeLessThanOrEqual(5);
  }, 120_000);
});
