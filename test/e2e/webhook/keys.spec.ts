import { newSigningKey } from '../../../src/local-google/keys/signing-key';
import type { Mailbox } from '../../support/api-types';
import { notification, sendPush, wrapped } from '../../support/webhook/push';
import { createTestApp, type TestApp } from '../../support/test-app';

const ADA = 'ada@example.com';
const ACCEPTED = { status: 204, stored: true };

/** The tests build on each other, in order: a service that starts while no key of Google's can be had. */
describe("the webhook and Google's keys", () => {
  let app: TestApp;
  let mailbox: Mailbox;
  beforeAll(async () => {
    app = await createTestApp();
    app.google.topics.subscriptions[0]!.chaos = { drop: 1 };
    mailbox = await app.connect(ADA);
  });
  afterAll(() => app?.close());

  const keys = () => app.google.keys;
  const fetches = () => keys().fetches.jwk + keys().fetches.pem;
  /** A token that was never seen before. */
  const fresh = () => app.google.mintPushToken({ claims: { sub: crypto.randomUUID() } });
  let hinted = 0n;
  async function push(token = fresh()) {
    hinted = (hinted || BigInt(app.google.historyId(ADA))) + 1n;
    const body = wrapped(notification(ADA, `"${hinted}"`));
    const { status, headers } = await sendPush(app, { token, body });
    const { sync } = await app.api.get(`/v1/mailboxes/${mailbox.id}`);
    return { status, retryAfter: headers['retry-after'], stored: sync.notifiedHistoryId === `${hinted}` };
  }

  it('answers 503 while none is cached and none can be had, and stores nothing', async () => {
    keys().failing = 500;
    expect(await push()).toMatchObject({ status: 503, retryAfter: '1', stored: false });
    app.google.failNext({ method: 'oauth2.certs.jwk', dropConnection: true });
    expect(await push()).toMatchObject({ status: 503, stored: false });
  });

  it('takes pushes as soon as they can be had', async () => {
    keys().failing = null;
    keys().maxAge = 0;
    expect(await push()).toMatchObject(ACCEPTED);
  });

  it('goes on with old keys while their endpoint is away, and still refuses forged tokens', async () => {
    keys().failing = 503;
    const before = fetches();
    expect(await push()).toMatchObject(ACCEPTED);
    expect(fetches()).toBe(before + 1);
    const [forged] = await app.google.forgedPushTokens();
    expect(await push(forged!.token)).toMatchObject({ status: 401, stored: false });
  });

  it('fetches them once for a key id that it does not know, however many pushes bring it', async () => {
    keys().failing = null;
    keys().maxAge = 20_000;
    await app.google.rotateKeys();
    const before = fetches();
    const body = wrapped(notification(ADA, `"${app.google.historyId(ADA)}"`));
    const answers = await Promise.all(
      Array.from({ length: 30 }, () => sendPush(app, { token: fresh(), body })),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 204));
    expect(fetches()).toBe(before + 1);
  });

  it('does not fetch them again before their max-age is over', async () => {
    const before = fetches();
    for (let i = 0; i < 10; i++) expect(await push()).toMatchObject(ACCEPTED);
    expect(fetches()).toBe(before);
  });

  it('cannot be made to ask Google for keys again and again by invented key ids', async () => {
    const foreign = await newSigningKey();
    const before = fetches();
    for (let i = 0; i < 40; i++) {
      const token = app.google.mintPushToken({ key: foreign.privateKey, kid: `invented-${i}` });
      expect(await push(token)).toMatchObject({ status: 401, stored: false });
    }
    expect(fetches() - before).toBeLessThanOrEqual(12);
    expect(await push()).toMatchObject(ACCEPTED);
  });
});
