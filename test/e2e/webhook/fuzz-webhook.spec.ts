import fc from 'fast-check';
import type { Mailbox } from '../../support/api-types';
import { fuzz, uglyJson, uglyText } from '../../support/http/fuzz';
import { logOf, messageEvents, quiet } from '../../support/event/mailbox-log';
import { notification, type PushOptions, sendPush, wrapped } from '../../support/webhook/push';
import { createTestApp, PUSH, type TestApp } from '../../support/test-app';

const ADA = 'ada@example.com';
/** Another mailbox: what forged pushes name may lie so far ahead that genuine pushes have nothing to add for a while. */
const BOB = 'bob@example.com';
const HEADER = 'x-goog-pubsub-subscription-name';

/** Numbers as they may stand in JSON, which JavaScript cannot write. */
const numeral = fc.oneof(
  fc.bigInt({ min: -(2n ** 65n), max: 2n ** 65n }).map(String),
  fc.constantFrom('1e400', '-1e400', '1E2', '1.5', '-0', '0.1e-400', '9'.repeat(500), '01', '0x1', '+1'),
);
const json = uglyJson.map((value) => JSON.stringify(value));
const member = fc.oneof(
  json,
  numeral,
  numeral.map((number) => `"${number}"`),
);
const address = fc.oneof(
  fc.constantFrom(BOB, BOB.toUpperCase(), ` ${BOB} `),
  uglyText,
  uglyText.map((text) => `${text}@example.com`),
  fc.emailAddress(),
);
const addressText = address.map((text) => JSON.stringify(text));

/** JSON objects as text, so that keys can come twice and numbers keep their digits. */
const object = (members: Record<string, fc.Arbitrary<string>>) => {
  const entry = fc.oneof(
    ...Object.entries(members).map(([key, value]) => value.map((text) => `${JSON.stringify(key)}:${text}`)),
    fc.tuple(uglyText, json).map(([key, text]) => `${JSON.stringify(key)}:${text}`),
  );
  const whole = fc.tuple(...Object.values(members)).map((texts) => {
    const keys = Object.keys(members);
    return texts.map((text, index) => `${JSON.stringify(keys[index])}:${text}`);
  });
  return fc
    .tuple(fc.oneof(whole, fc.constant([])), fc.array(entry, { maxLength: 3 }))
    .map(([all, more]) => `{${[...all, ...more].join(',')}}`);
};

const data = fc.oneof(
  object({ emailAddress: fc.oneof(addressText, json), historyId: member }),
  json,
  fc.constantFrom('', '{', '[[[[', '{"a":'.repeat(50_000), '['.repeat(40_000) + ']'.repeat(40_000)),
);
const encoded = fc
  .tuple(data, fc.constantFrom('base64' as const, 'base64url' as const))
  .map(([text, encoding]) => JSON.stringify(Buffer.from(text).toString(encoding)));
const named = fc.oneof(fc.constant(JSON.stringify(PUSH.subscription)), json);
const push = object({
  message: fc.oneof(object({ data: fc.oneof(encoded, json), messageId: json }), json),
  subscription: named,
});
const body: fc.Arbitrary<string | Buffer> = fc.oneof(
  { weight: 6, arbitrary: push },
  { weight: 2, arbitrary: data },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)) },
  { weight: 1, arbitrary: fc.constantFrom('', '\ufeff{}', '"'.repeat(1_000_000), 'x'.repeat(1_048_577)) },
);
const headers = fc.record(
  {
    'content-type': fc.constantFrom(
      ...['application/json', 'text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data'],
      ...['application/json; charset=utf-16', 'application/json;;;', 'nonsense', '/', ';', ' '],
    ),
    'content-encoding': fc.constantFrom('gzip', 'br', 'identity', 'nonsense'),
    [HEADER]: fc.constantFrom(PUSH.subscription, 'projects/p/subscriptions/s', '', 'x'.repeat(2_000)),
    'x-goog-pubsub-message-id': fc.constantFrom('1', '', 'x'.repeat(2_000)),
  },
  { requiredKeys: [] },
);

const base64url = (text: string) => Buffer.from(text).toString('base64url');
const token = fc.oneof(
  fc.array(fc.oneof(json, uglyText), { maxLength: 4 }).map((segments) => segments.map(base64url).join('.')),
  fc
    .tuple(
      fc.constantFrom('none', 'None', 'HS256', 'RS256', '', null, {}, 1),
      fc.oneof(uglyText, uglyJson),
      uglyJson,
    )
    .map(([alg, kid, claims]) =>
      [JSON.stringify({ alg, kid, typ: 'JWT' }), JSON.stringify(claims), ''].map(base64url).join('.'),
    ),
  fc.string(),
  fc.constantFrom('', '.', '..', '...', ' ', 'x'.repeat(10_000), `${'x.'.repeat(3_000)}x`, 'e30.e30.e30'),
);

describe('the webhook, whatever it is sent', () => {
  let app: TestApp;
  let mailbox: Mailbox;
  beforeAll(async () => {
    app = await createTestApp();
    mailbox = await app.connect(ADA);
    await app.connect(BOB);
    await quiet(app, mailbox);
    app.google.topics.subscriptions[0]!.chaos = { drop: 1 };
  });
  afterAll(() => app?.close());

  /** The process goes on, and a push that is as it should be does what it should. */
  afterEach(async () => {
    const sent = app.google.deliver(ADA);
    const real = notification(ADA, `"${app.google.historyId(ADA)}"`);
    expect((await sendPush(app, { body: wrapped(real) })).status).toBe(204);
    const last = messageEvents(await logOf(app, mailbox)).at(-1);
    expect(last!.data.messageId).toBe(sent.id);
  });

  async function statusOf(options: PushOptions): Promise<number> {
    const { status, type, problem } = await sendPush(app, options);
    if (status === 204) return status;
    expect(type).toBe('application/problem+json');
    expect(problem).toMatchObject({ status, code: expect.any(String), requestId: expect.any(String) });
    return status;
  }

  it('takes any body that comes with a valid token', async () => {
    const seen = new Set<number>();
    const property = fc.asyncProperty(body, headers, async (sent, given) => {
      const status = await statusOf({ body: sent, headers: given });
      seen.add(status);
      expect([204, 400, 403, 413, 415]).toContain(status);
    });
    await fuzz(property, { numRuns: 1_500, timeMs: 3_000 });
    // Otherwise all that it has tried was the first check.
    expect([...seen]).toEqual(expect.arrayContaining([204, 400, 403]));
  }, 20_000);

  it('acknowledges every notification, whatever mailbox it names', async () => {
    const property = fc.asyncProperty(address, fc.nat(), async (given, id) => {
      expect(await statusOf({ body: wrapped(notification(given, `${id}`)) })).toBe(204);
    });
    await fuzz(property, { numRuns: 500, timeMs: 2_500 });
  }, 20_000);

  it('accepts no token but a genuine one', async () => {
    const property = fc.asyncProperty(token, body, async (bearer, sent) => {
      expect([401, 413, 431]).toContain(await statusOf({ token: bearer, body: sent }));
    });
    await fuzz(property, { numRuns: 1_000, timeMs: 2_000 });
  }, 20_000);
});
