import { logOf, messageEvents, quiet } from '../../support/event/mailbox-log';
import { notification, sendPush, wrapped } from '../../support/webhook/push';
import { createTestApp, type TestApp } from '../../support/test-app';

describe('an address at gmail.com or googlemail.com', () => {
  let app: TestApp;
  beforeAll(async () => void (app = await createTestApp()));
  afterAll(() => app?.close());

  const found = async (emailAddress: string) =>
    (await app.api.get(`/v1/mailboxes?emailAddress=${emailAddress}`)).data.map(({ id }) => id);

  it.each([
    ['ada@gmail.com', 'ada@googlemail.com'],
    ['bob@googlemail.com', 'bob@gmail.com'],
    ['eve@gmail.com', 'Eve@GoogleMail.com'],
  ])('is the same mailbox in pushes and in filters: %s, named %s', async (connected, named) => {
    app.pushes.chaos = {};
    const mailbox = await app.connect(connected);
    await quiet(app, mailbox);
    app.pushes.chaos = { drop: 1 };
    const sent = app.google.deliver(connected);
    const push = wrapped(notification(named, `"${app.google.historyId(connected)}"`));
    expect((await sendPush(app, { body: push })).status).toBe(204);
    const events = messageEvents(await logOf(app, mailbox));
    expect(events.at(-1)).toMatchObject({ type: 'message.added', data: { messageId: sent.id } });

    expect(mailbox.emailAddress).toBe(connected);
    expect(await found(named)).toEqual([mailbox.id]);
    expect(await found(connected)).toEqual([mailbox.id]);
  });

  it('is not that of another domain', async () => {
    await app.connect('kim@example.com');
    expect(await found('kim@gmail.com')).toEqual([]);
    expect(await found('ada@notgooglemail.com')).toEqual([]);
  });
});
