import type { Mailbox } from '../../support/api-types';
import { eventually } from '../../support/eventually';
import { logOf, messageEvents, quiet } from '../../support/event/mailbox-log';
import { logLines } from '../../support/observability/log-lines';
import {
  notification,
  type PushResponse,
  type PushOptions,
  sendPush,
  wrapped,
} from '../../support/webhook/push';
import { tables } from '../../support/database/tables';
import { createTestApp, PUSH, type TestApp } from '../../support/test-app';

const ADA = 'ada@example.com';
const MIB = 1024 * 1024;
const UNWRAPPED = { 'x-goog-pubsub-subscription-name': PUSH.subscription };
const isProblem = { type: 'application/problem+json', problem: { code: expect.any(String) } };

describe('the webhook', () => {
  let app: TestApp;
  let mailbox: Mailbox;
  beforeAll(async () => {
    app = await createTestApp();
    mailbox = await app.connect(ADA);
    await quiet(app, mailbox);
    // From here on every push is sent by hand.
    subscription().chaos = { drop: 1 };
  });
  afterAll(() => app?.close());

  const subscription = () => app.google.topics.subscriptions[0]!;
  const gmailCalls = () => app.google.requests.count({ method: 'gmail.' });
  /** A history id that lies this far ahead of what Gmail has. */
  const ahead = (by: bigint) => BigInt(app.google.historyId(ADA)) + by;
  const news = () => notification(ADA, `"${ahead(1_000n)}"`);

  /** What the tables hold, but for what is written every few seconds whatever comes: statistics and leases. */
  async function contents(): Promise<string> {
    const all = Object.entries(await tables(app));
    return JSON.stringify(all.filter(([name]) => !['activity', 'leases'].includes(name)));
  }

  /** Sends a push and returns whether anything at all was stored because of it, or asked of Gmail. */
  async function effectOf(push: PushOptions): Promise<PushResponse & { stored: boolean; asked: boolean }> {
    const [before, calls] = [await contents(), gmailCalls()];
    const answer = await sendPush(app, push);
    const stored = (await contents()) !== before;
    return { ...answer, stored, asked: gmailCalls() > calls };
  }

  it('refuses every forged token with 401 and stores nothing', async () => {
    const forged = await app.google.forgedPushTokens();
    expect(forged.length).toBeGreaterThan(20);
    for (const { name, token } of [...forged, { name: 'no header', token: null }]) {
      const effect = await effectOf({ token, body: wrapped(news()) });
      expect({ name, ...effect }).toMatchObject({
        ...{ name, status: 401, stored: false, asked: false, type: 'application/problem+json' },
        problem: { status: 401, code: 'unauthorized', requestId: expect.any(String) },
      });
      // The answer helps nobody to forge better; the log has it for the operator.
      expect(effect.problem!.detail).toBe(
        'The push carries no valid token of the configured service account.',
      );
    }
  });

  it('says in the log why a push is refused whose token lost its signature on the way: Cloud Run has removed it', async () => {
    const whys = () => logLines(app.logs).filter(({ outcome }) => outcome === 'refused');
    const [header, payload] = app.google.mintPushToken().split('.');
    const before = whys().length;
    const token = `${header}.${payload}.SIGNATURE_REMOVED_BY_GOOGLE`;
    expect(await effectOf({ token, body: wrapped(news()) })).toMatchObject({ status: 401, stored: false });
    expect(whys().slice(before)).toMatchObject([
      { why: expect.stringMatching(/Google removed its signature.*accept unauthenticated requests/) },
    ]);
    // A signature that is missing otherwise is not blamed on anybody.
    expect(await effectOf({ token: `${header}.${payload}.`, body: wrapped(news()) })).toMatchObject({
      status: 401,
    });
    expect(whys().at(-1)!.why).not.toContain('Google removed');
  });

  it('checks the token before it looks at the body', async () => {
    expect(await effectOf({ token: null, body: 'no json' })).toMatchObject({ status: 401, stored: false });
  });

  it.each([
    ['wrapped', { body: () => wrapped(news(), { subscription: `${PUSH.subscription}-2` }) }],
    [
      'wrapped, by a prefix',
      { body: () => wrapped(news(), { subscription: PUSH.subscription.slice(0, -1) }) },
    ],
    [
      'unwrapped',
      { body: news, headers: { 'x-goog-pubsub-subscription-name': 'projects/p/subscriptions/s' } },
    ],
    [
      'wrapped, behind a header that names ours',
      { body: () => wrapped(news(), { subscription: 'projects/p/subscriptions/s' }), headers: UNWRAPPED },
    ],
    [
      'ours, behind a header that names another',
      {
        body: () => wrapped(news()),
        headers: { 'x-goog-pubsub-subscription-name': 'projects/p/subscriptions/s' },
      },
    ],
    ['wrapped, and of none', { body: () => JSON.stringify({ message: { data: btoa(news()) } }) }],
  ])('refuses a push of another subscription with 403, %s', async (_name, { body, ...rest }) => {
    const effect = await effectOf({ body: body(), ...rest });
    expect(effect).toMatchObject({ status: 403, stored: false, asked: false, ...isProblem });
  });

  it.each([
    ['an empty body', ''],
    ['not JSON', '{"message":'],
    ['a word', 'hello'],
    ['null', 'null'],
    ['a number', '1'],
    ['a text', '"message"'],
    ['an array', '[]'],
    ['an array of pushes', `[${wrapped('x')}]`],
    ['an empty object', '{}'],
    ['a message without data, of no subscription', '{"message":{"messageId":"1"}}'],
    ['no message', `{"subscription":"${PUSH.subscription}"}`],
    ['a message that is null', `{"message":null,"subscription":"${PUSH.subscription}"}`],
    ['a message that is an array', `{"message":[],"subscription":"${PUSH.subscription}"}`],
    ['a message that is text', `{"message":"x","subscription":"${PUSH.subscription}"}`],
    ['data that is an object', `{"message":{"data":{}},"subscription":"${PUSH.subscription}"}`],
    ['data that is a number', `{"message":{"data":1},"subscription":"${PUSH.subscription}"}`],
    ['arrays 100,000 deep', '['.repeat(100_000)],
    ['bytes that are no UTF-8', Buffer.from([0x7b, 0xff, 0xfe, 0x00, 0x7d])],
  ])('answers 400 to what is no Pub/Sub push: %s', async (_name, body) => {
    expect(await effectOf({ body })).toMatchObject({
      status: 400,
      stored: false,
      asked: false,
      ...isProblem,
    });
  });

  it.each([
    ['no data', `{"message":{"messageId":"1"},"subscription":"${PUSH.subscription}"}`],
    ['data that is not base64', `{"message":{"data":"%%%%"},"subscription":"${PUSH.subscription}"}`],
    ['empty data', wrapped('')],
    ['data that is no JSON', wrapped('hello')],
    ['data that is null', wrapped('null')],
    ['data that is an array', wrapped('[]')],
    ['data nested 100,000 deep', wrapped('{"a":'.repeat(100_000))],
    ['a valid nest 50,000 deep', wrapped(`{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}`)],
    ['no address', wrapped('{"historyId":"99"}')],
    ['an address that is a list', wrapped(`{"emailAddress":["${ADA}"],"historyId":"99"}`)],
    ['an address that is none', wrapped(notification('ada', '"99"'))],
    ['an address with a NUL', wrapped(notification(`\0${ADA}`, '"99"'))],
    ['half a surrogate in the address', wrapped('{"emailAddress":"\\ud800@example.com","historyId":"99"}')],
    ['an unknown mailbox', wrapped(notification('nobody@example.com', '"99"'))],
    ['an address of 500,000 letters', wrapped(notification(`${'a'.repeat(500_000)}@example.com`, '"99"'))],
    ['no historyId', wrapped(`{"emailAddress":"${ADA}"}`)],
    ...['null', 'true', '{}', '[1]', '""', '" "', '"abc"', '"0x1F"', '"١٢"'].map(asHistoryId),
    ...['-1', '"-1"', '1.5', '"1.5"', '1e300', '9e18', '"1e9"'].map(asHistoryId),
    ...[`${2n ** 63n}`, `"${2n ** 63n}"`, `"${2n ** 64n}"`, '9'.repeat(400), `"${'9'.repeat(400)}"`].map(
      asHistoryId,
    ),
  ])('acknowledges, and forgets, what can never be used: %s', async (_name, body) => {
    expect(await effectOf({ body })).toMatchObject({ status: 204, stored: false, asked: false });
  });

  it('lets no unusable push spoil those that arrive with it', async () => {
    const hint = `${ahead(0n)}`;
    const before = (await app.api.get(`/v1/mailboxes/${mailbox.id}`)).sync.lastNotificationAt;
    const bodies = Array.from({ length: 20 }, (_, i) =>
      notification(i % 2 ? ADA : `x\0${i}@example.com`, `"${hint}"`),
    );
    const answers = await Promise.all(bodies.map((data) => sendPush(app, { body: wrapped(data) })));
    expect(answers.map(({ status }) => status)).toEqual(bodies.map(() => 204));
    const { sync } = await app.api.get(`/v1/mailboxes/${mailbox.id}`);
    expect(new Date(sync.lastNotificationAt!) > new Date(before!)).toBe(true);
  });

  it('refuses a body of more than 1 MiB with 413, and reads one of exactly that', async () => {
    const largest = (size: number) => {
      const empty = JSON.stringify({ message: { data: '' }, subscription: PUSH.subscription, pad: '' });
      return empty.replace('"pad":""', `"pad":"${'x'.repeat(size - empty.length)}"`);
    };
    expect(await effectOf({ body: largest(MIB + 1) })).toMatchObject({
      status: 413,
      stored: false,
      ...isProblem,
    });
    expect(await effectOf({ body: largest(MIB) })).toMatchObject({ status: 204, stored: false });
  });

  const id = () => app.google.historyId(ADA);
  // Padding that makes base64 and base64url differ.
  const differing = () => `{"pad":"???>>>~~~ÿÿÿ","emailAddress":"${ADA}","historyId":"${id()}"}`;
  it.each<[string, () => PushOptions]>([
    ['wrapped', () => ({ body: wrapped(notification(ADA, `"${id()}"`)) })],
    ['wrapped, in base64', () => ({ body: wrapped(differing()) })],
    ['wrapped, in base64url', () => ({ body: wrapped(differing(), { encoding: 'base64url' }) })],
    ['unwrapped', () => ({ body: notification(ADA, `"${id()}"`), headers: UNWRAPPED })],
    [
      'unwrapped, as JSON',
      () => ({ body: differing(), headers: { ...UNWRAPPED, 'content-type': 'application/json' } }),
    ],
    ['with a historyId that is a number above 2^53', () => ({ body: wrapped(notification(ADA, id())) })],
    ['in any letter case', () => ({ body: wrapped(notification('ADA@Example.COM', `"${id()}"`)) })],
    ['without a content type', () => ({ body: wrapped(notification(ADA, `"${id()}"`)), headers: {} })],
    [
      'under a content type that is none',
      () => ({ body: wrapped(differing()), headers: { 'content-type': 'nonsense' } }),
    ],
    ['as text/plain', () => ({ body: wrapped(differing()), headers: { 'content-type': 'text/plain' } })],
    [
      'as application/xml',
      () => ({ body: wrapped(differing()), headers: { 'content-type': 'application/xml' } }),
    ],
    [
      'as JSON with parameters',
      () => ({ body: wrapped(differing()), headers: { 'content-type': 'application/json; charset=UTF-8' } }),
    ],
    [
      'with the other spelling of the issuer',
      () => ({
        body: wrapped(differing()),
        token: app.google.mintPushToken({ claims: { iss: 'accounts.google.com' } }),
      }),
    ],
  ])('takes a push %s', async (_name, push) => {
    const sent = app.google.deliver(ADA);
    while (BigInt(id()) % 2n === 0n) app.google.silentChange(ADA);
    // A number above 2^53 that is odd is one that JavaScript rounds.
    expect(BigInt(id())).not.toBe(BigInt(Number(id())));
    expect((await sendPush(app, push())).status).toBe(204);
    const { sync } = await app.api.get(`/v1/mailboxes/${mailbox.id}`);
    expect(sync.notifiedHistoryId).toBe(id());
    const events = messageEvents(await logOf(app, mailbox));
    expect(events.at(-1)).toMatchObject({ type: 'message.added', data: { messageId: sent.id } });
  });

  it('asks Gmail nothing for a hint at or behind what is known, and once for one ahead however often it comes', async () => {
    await logOf(app, mailbox);
    const [known, calls] = [BigInt(id()), gmailCalls()];
    for (const historyId of [known, known - 1n, 1n, 0n])
      expect((await sendPush(app, { body: wrapped(notification(ADA, `"${historyId}"`)) })).status).toBe(204);
    app.google.silentChange(ADA);
    const same = { body: wrapped(notification(ADA, `"${id()}"`)) };
    await Promise.all(Array.from({ length: 20 }, () => sendPush(app, same)));
    await logOf(app, mailbox);
    expect(gmailCalls() - calls).toBe(1);
    expect((await app.api.get(`/v1/mailboxes/${mailbox.id}`)).sync.notifiedHistoryId).toBe(id());
  });

  it('keeps the higher of two hints that come in the wrong order', async () => {
    app.google.silentChange(ADA);
    const older = id();
    app.google.silentChange(ADA);
    for (const historyId of [id(), older])
      expect((await sendPush(app, { body: wrapped(notification(ADA, `"${historyId}"`)) })).status).toBe(204);
    expect((await app.api.get(`/v1/mailboxes/${mailbox.id}`)).sync.notifiedHistoryId).toBe(id());
  });

  it('acknowledges a push for a disconnected mailbox and stores nothing', async () => {
    const gone = await app.connect('gone@example.com');
    await app.api.delete(`/v1/mailboxes/${gone.id}`, 202);
    await eventually(async () => (await app.api.get(`/v1/mailboxes/${gone.id}`)).status, {
      until: (status) => status === 'disconnected',
    });
    const effect = await effectOf({ body: wrapped(notification('gone@example.com', `"${2n ** 60n}"`)) });
    expect(effect).toMatchObject({ status: 204, stored: false, asked: false });
  });
});

function asHistoryId(historyId: string): [string, string] {
  return [`a historyId of ${historyId.slice(0, 30)}`, wrapped(notification(ADA, historyId))];
}
