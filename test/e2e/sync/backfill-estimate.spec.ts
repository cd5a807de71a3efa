import { quiet } from '../../support/event/mailbox-log';
import { createTestApp, type TestApp } from '../../support/test-app';

const HOUR = 3_600_000;
const ADDRESS = 'estimated@example.com';

describe('the estimate of a backfill', () => {
  let app: TestApp;
  beforeAll(async () => void (app = await createTestApp()));
  afterAll(() => app?.close());

  /** What is asked for since so many hours ago, and what Google was asked for it. */
  const estimate = async (id: string, hours: number) => {
    app.google.requests.clear();
    const since = new Date(Date.now() - hours * HOUR).toISOString();
    const { backfill } = await app.api.post(`/v1/mailboxes/${id}/backfill`, { since, dryRun: true });
    return { backfill, asked: app.google.requests.list({ method: 'gmail.' }).map(({ method }) => method) };
  };
  const LISTS = ['gmail.users.labels.list', 'gmail.users.messages.list'];

  it("is made from Gmail's lists alone, and says how long it takes at the budget of the mailbox", async () => {
    app.google.addAccount(ADDRESS);
    for (let n = 0; n < 40; n++) app.google.deliver(ADDRESS, { internalDate: Date.now() - (n + 1) * HOUR });
    const mailbox = await app.connect(ADDRESS);
    await quiet(app, mailbox);
    const { backfill, asked } = await estimate(mailbox.id, 40.5);
    const units = 40 * 20 + 2 * 5;
    // Backfills may use 80 % of 6,000 units a minute.
    expect(backfill).toEqual({ messages: 40, units, seconds: Math.ceil(units / 80) });
    expect(asked.toSorted()).toEqual(LISTS);

    // Of more than a page Gmail itself says how many there are.
    app.google.fill(ADDRESS, 700, () => ['INBOX']);
    const large = await estimate(mailbox.id, 30 * 24);
    expect(large.backfill.messages).toBeGreaterThan(500);
    expect(large.asked.toSorted()).toEqual(LISTS);
  });
});
