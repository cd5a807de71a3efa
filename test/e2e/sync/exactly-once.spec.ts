import type { Mailbox } from '../../support/api-types';
import { eventually } from '../../support/eventually';
import { logOf, messageEvents } from '../../support/event/mailbox-log';
import { reportedChanges, truthOf } from '../../support/sync/truth';
import { createTestApp, type TestApp } from '../../support/test-app';

const ADA = 'ada@example.com';

/** The two rules that make the log exact, each broken by hand at the one moment at which it matters. */
describe('cursor and events', () => {
  let app: TestApp;
  let mailbox: Mailbox;
  beforeAll(async () => {
    app = await createTestApp();
    mailbox = await app.connect(ADA, { labelIds: [] });
  });
  afterAll(() => app?.close());

  const reported = async () => reportedChanges(messageEvents(await logOf(app, mailbox)));

  it('moves no cursor past events that could not be appended', async () => {
    const { dataSource } = app.database;
    await dataSource.query(
      `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'refused'; END $$`,
    );
    await dataSource.query(
      'CREATE TRIGGER refuse BEFORE INSERT ON events FOR EACH ROW EXECUTE FUNCTION refuse()',
    );
    app.google.deliver(ADA);
    await eventually(async () => (await app.api.get(`/v1/mailboxes/${mailbox.id}`)).sync.lastError);
    await dataSource.query('DROP TRIGGER refuse ON events');

    await app.api.post(`/v1/mailboxes/${mailbox.id}/sync`, undefined, 202);
    expect(await reported()).toEqual(truthOf(app, ADA));
  });

  it('commits nothing of a sync that was paused while another one read the same', async () => {
    const { google, database, logs } = app;
    const { id } = google.deliver(ADA);
    await reported();
    // Its answer is on the way, and stays there: the process is paused, as far as anybody can see.
    const sleeper = google.failNext({ method: 'gmail.users.history.list', when: 'after', hang: true });
    google.modify(ADA, id, { removeLabelIds: ['UNREAD'] });
    await eventually(() => sleeper.hits);
    await database.dataSource.query(
      `UPDATE mailbox_cursors SET claimed_until = now() - interval '1 second' WHERE mailbox_id = $1`,
      [mailbox.id],
    );
    expect(await reported()).toEqual(truthOf(app, ADA));

    sleeper.release();
    await eventually(() => logs.some((line) => line.includes('"outcome":"superseded"')));
    expect(await reported()).toEqual(truthOf(app, ADA));
  });
});
