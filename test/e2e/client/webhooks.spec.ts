import { Inboxwire, verifyWebhook, WebhookVerificationError } from 'inboxwire-client';
import { describeEvent } from '../../support/client/describe-event';
import { eventually } from '../../support/eventually';
import { type Received, Receiver } from '../../fakes/receiver/receiver';
import { API_KEY, createTestApp, type TestApp } from '../../support/test-app';

describe('verifying webhooks with the client', () => {
  let app: TestApp;
  let receiver: Receiver;
  let inboxwire: Inboxwire;
  let secret: string;
  let path: { id: string };
  /** A delivery as it came. */
  let delivery: Received;

  beforeAll(async () => {
    app = await createTestApp();
    receiver = await Receiver.start();
    inboxwire = new Inboxwire({ baseUrl: app.service.address, apiKey: API_KEY });
    const endpoint = await inboxwire.createEndpoint({
      body: { url: receiver.origin, eventTypes: ['message.added'] },
    });
    secret = endpoint.secret;
    path = { id: endpoint.id };
    await app.connect('ada@example.com');
    delivery = await next(() => app.google.deliver('ada@example.com', { subject: 'Grüße', text: 'Hi' }));
  });
  afterEach(() => jest.restoreAllMocks());
  afterAll(async () => {
    await receiver?.stop();
    await app?.close();
  });

  /** What is delivered next. */
  const next = async (cause: () => unknown) => {
    const before = receiver.received.length;
    await cause();
    return eventually(() => receiver.received[before]) as Promise<Received>;
  };
  const faultOf = (verify: () => unknown) => {
    try {
      verify();
      return 'none';
    } catch (error) {
      return error instanceof WebhookVerificationError ? error.reason : error;
    }
  };

  it('gives the event, distinguished by its type', () => {
    const event = verifyWebhook(delivery.body, delivery.headers, secret);
    expect(event).toEqual(JSON.parse(delivery.body));
    expect(describeEvent(event)).toBe('ada@example.com got “Grüße”');
  });

  it('takes bodies and headers as servers have them', () => {
    const upper = Object.entries(delivery.headers).map(([name, value]): [string, string[]] => [
      name.toUpperCase(),
      [value],
    ]);
    for (const headers of [new Headers(delivery.headers), Object.fromEntries(upper)])
      for (const body of [Buffer.from(delivery.body), new TextEncoder().encode(delivery.body)])
        expect(verifyWebhook(body, headers, [secret])).toEqual(JSON.parse(delivery.body));
  });

  it('accepts nothing that was changed, was not signed, or comes at another time', () => {
    const { body, headers } = delivery;
    const other = `whsec_${Buffer.alloc(24, 1).toString('base64')}`;
    const faults = {
      body: faultOf(() => verifyWebhook(body.replace('Hi', 'Ho'), headers, secret)),
      id: faultOf(() => verifyWebhook(body, { ...headers, 'webhook-id': 'evt_other' }, secret)),
      time: faultOf(() =>
        verifyWebhook(
          body,
          { ...headers, 'webhook-timestamp': String(Math.round(Date.now() / 1000) - 9) },
          secret,
        ),
      ),
      noTime: faultOf(() => verifyWebhook(body, { ...headers, 'webhook-timestamp': 'soon' }, secret)),
      secret: faultOf(() => verifyWebhook(body, headers, [other])),
      unsigned: faultOf(() => verifyWebhook(body, { ...headers, 'webhook-signature': undefined }, secret)),
    };
    const now = Date.now();
    for (const seconds of [-310, 310]) {
      jest.spyOn(Date, 'now').mockReturnValue(now + seconds * 1_000);
      expect(faultOf(() => verifyWebhook(body, headers, secret))).toBe('timestamp_out_of_range');
    }
    expect(faults).toEqual({
      body: 'signature_mismatch',
      id: 'signature_mismatch',
      time: 'signature_mismatch',
      noTime: 'timestamp_out_of_range',
      secret: 'signature_mismatch',
      unsigned: 'missing_header',
    });
  });

  it('refuses to work without a secret, or with what is none', () => {
    for (const none of ['', 'whsec_', 'whsec_?', []])
      expect(() => verifyWebhook(delivery.body, delivery.headers, none)).toThrow(TypeError);
  });

  it('accepts the old secret and the new one while one replaces the other', async () => {
    const { secret: renewed } = await inboxwire.rotateEndpointSecret({ path, body: {} });
    const test = await next(() => inboxwire.testEndpoint({ path }));
    for (const secrets of [secret, renewed, [renewed, secret], [secret, renewed]]) {
      const event = verifyWebhook(test.body, test.headers, secrets);
      expect(describeEvent(event)).toBe('a test');
    }
    expect(faultOf(() => verifyWebhook(delivery.body, delivery.headers, renewed))).toBe('signature_mismatch');
    expect(verifyWebhook(delivery.body, delivery.headers, [renewed, secret]).type).toBe('message.added');
  });
});
