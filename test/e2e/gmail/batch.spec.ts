import type { Mailbox } from '../../support/api-types';
import { eventually } from '../../support/eventually';
import { everyEventOf, logOf, messageEvents } from '../../support/event/mailbox-log';
import { allOfType } from '../../support/event/of-type';
import { liftWaits } from '../../support/gmail/quota';
import { hastenRetries } from '../../support/gmail/refusals';
import { createTestApp, type TestApp } from '../../support/test-app';

const GET = 'gmail.users.messages.get';

describe('batches of messages', () => {
  let app: TestApp;
  let account: string;
  let count = 0;
  beforeAll(async () => {
    app = await createTestApp();
    hastenRetries(app);
  });
  afterAll(() => app?.close());
  afterEach(() => {
    app.google.switches.batchPartsAnswered = null;
    app.google.faults.clear();
  });

  /** So many mails arrive, of which one push speaks. */
  const arrive = (count: number) => {
    app.pushes.chaos = { drop: 1 };
    const sent = Array.from({ length: count }, () => app.google.deliver(account, { text: 'x' }).id);
    app.pushes.chaos = {};
    app.google.notify(account);
    return sent;
  };
  const begin = async () => {
    account = `box-${++count}@example.com`;
    const mailbox = await app.connect(account);
    await logOf(app, mailbox);
    app.google.requests.clear();
    return mailbox;
  };
  const added = async (mailbox: Mailbox) =>
    allOfType(messageEvents(await logOf(app, mailbox)), 'message.added').map(({ data }) =>
      data.message ? data.messageId : null,
    );
  const answered = (status: number) => app.google.requests.count({ method: GET, account, status });

  it('whose parts after the 20th are refused every time are asked again for those only, in smaller batches', async () => {
    const mailbox = await begin();
    app.google.switches.batchPartsAnswered = 20;
    const sent = arrive(61);
    expect((await added(mailbox)).sort()).toEqual([...sent].sort());
    expect(answered(200)).toBe(61);
    expect((await app.api.get(`/v1/mailboxes/${mailbox.id}`)).sync.lastError).toBeNull();
  });

  it.each([
    { status: 403, reason: 'userRateLimitExceeded' },
    { status: 403, reason: 'rateLimitExceeded', retryAfter: 1 },
    { status: 429, reason: 'rateLimitExceeded', retryAfter: 1 },
    { status: 503, reason: 'backendError' },
    { status: 500, reason: 'backendError' },
  ])('of which some parts are answered %j keep what was read of the others', async (fault) => {
    const mailbox = await begin();
    app.google.failNext({ method: GET, ...fault, skip: 10, times: 15 });
    const sent = arrive(40);
    expect((await added(mailbox)).sort()).toEqual([...sent].sort());
    expect([answered(200), answered(fault.status)]).toEqual([40, 15]);
    expect((await app.api.get(`/v1/mailboxes/${mailbox.id}`)).sync.lastError).toBeNull();
  });

  it.each([
    ['behind what can be reported', 20, 20],
    ['before everything else', 0, 0],
  ])(
    'of which parts are refused for minutes keep what was read: those %s',
    async (_, skip, reportedAtOnce) => {
      const mailbox = await begin();
      const sync = async () => (await app.api.get(`/v1/mailboxes/${mailbox.id}`)).sync;
      app.google.failNext({
        method: GET,
        status: 429,
        reason: 'rateLimitExceeded',
        retryAfter: 300,
        skip,
        times: 10,
      });
      const sent = arrive(40);
      const { lastError } = await eventually(sync, { until: ({ lastError }) => lastError !== null });
      expect(lastError!.code).toBe('rate_limited');
      const reported = messageEvents(await everyEventOf(app, mailbox.id));
      expect(reported.map(({ data }) => data.messageId)).toEqual(sent.slice(0, reportedAtOnce));
      expect([answered(200), answered(429)]).toEqual([30, 10]);
      await liftWaits(app.database.dataSource);
      expect(await added(mailbox)).toEqual(sent);
      expect([answered(200), answered(429)]).toEqual([40, 10]);
    },
  );

  it('of which all parts are refused are tried again smaller, down to single messages', async () => {
    const mailbox = await begin();
    app.google.failNext({ method: GET, status: 429, reason: 'rateLimitExceeded', times: 40 + 10 });
    const sent = arrive(40);
    expect((await added(mailbox)).sort()).toEqual([...sent].sort());
    expect(answered(200)).toBe(40);
  });
});
