import type { LocalGoogle } from '../local-google';
import { oauthClient, startGoogle, TOPIC } from '../testing/connected';
import { PushReceiver } from '../testing/push-receiver';
import type { PushSettings } from './push-settings';
import { PushSubscription } from './push-subscription';

const SUBSCRIPTION = 'projects/project-1/subscriptions/gmail';

describe(PushSubscription.name, () => {
  let google: LocalGoogle;
  let receiver: PushReceiver;

  beforeEach(async () => {
    google = await startGoogle();
    receiver = await PushReceiver.start();
  });

  afterEach(async () => {
    await google.stop();
    await receiver.stop();
  });

  const subscribe = (more: Partial<PushSettings> = {}): PushSubscription =>
    google.pushTo({
      url: receiver.url,
      serviceAccount: 'push@project-1.example',
      audience: 'https://gateway.example/webhooks/gmail',
      subscription: SUBSCRIPTION,
      topic: TOPIC,
      backoff: { minMs: 5, maxMs: 20 },
      ...more,
    });

  it('pushes a wrapped message under a token that Google signed', async () => {
    subscribe().publish('{"x":1}');
    await google.pushesSettled();
    const [push] = receiver.received;
    expect(JSON.parse(push?.body ?? '')).toEqual({
      message: {
        data: Buffer.from('{"x":1}').toString('base64'),
        messageId: expect.stringMatching(/^\d+$/),
        message_id: expect.stringMatching(/^\d+$/),
        publishTime: expect.stringMatching(/Z$/),
        publish_time: expect.stringMatching(/Z$/),
      },
      subscription: SUBSCRIPTION,
    });
    const idToken = (push?.headers.authorization ?? '').replace('Bearer ', '');
    const audience = 'https://gateway.example/webhooks/gmail';
    const ticket = await oauthClient(google).verifyIdToken({ idToken, audience });
    expect(ticket.getPayload()).toMatchObject({
      iss: 'https://accounts.google.com',
      email: 'push@project-1.example',
      email_verified: true,
    });
  });

  it('pushes the bare data when unwrapped', async () => {
    subscribe({ wrapped: false }).publish('{"x":1}');
    await google.pushesSettled();
    expect(receiver.received[0]).toMatchObject({
      body: '{"x":1}',
      headers: { 'x-goog-pubsub-subscription-name': SUBSCRIPTION },
    });
  });

  it.each([102, 200, 201, 202, 204])('treats %d as an acknowledgement', async (status) => {
    const subscription = subscribe();
    receiver.answer = () => status;
    subscription.publish('x');
    await google.pushesSettled();
    expect(subscription.attempts.map((attempt) => attempt.status)).toEqual([status]);
  });

  it.each([203, 301, 400, 401, 429, 503])('pushes again after %d', async (status) => {
    const subscription = subscribe();
    receiver.answer = () => (receiver.received.length < 3 ? status : 204);
    subscription.publish('x');
    await google.pushesSettled();
    expect(subscription.attempts.map((attempt) => attempt.status)).toEqual([status, status, 204]);
    expect(new Set(subscription.attempts.map(({ message }) => message.messageId)).size).toBe(1);
  });

  it('pushes again when no answer comes in time', async () => {
    const subscription = subscribe({ ackDeadlineMs: 30 });
    receiver.answer = () => (receiver.received.length < 2 ? null : 204);
    subscription.publish('x');
    await google.pushesSettled();
    expect(subscription.attempts.map((attempt) => attempt.status)).toEqual([null, 204]);
  });

  it('backs off as a whole: one refused message holds the others back', async () => {
    const subscription = subscribe({ backoff: { minMs: 60, maxMs: 60 }, concurrency: 1 });
    receiver.answer = () => (receiver.received.length === 1 ? 500 : 204);
    subscription.publish('first');
    subscription.publish('second');
    await google.pushesSettled();
    const [refused, next] = subscription.attempts;
    expect((next?.at ?? 0) - (refused?.at ?? 0)).toBeGreaterThanOrEqual(55);
    expect(receiver.data()).toEqual(['first', 'second', 'first']);
  });

  it('keeps its messages while paused', async () => {
    const subscription = subscribe();
    subscription.pause();
    subscription.publish('x');
    expect(receiver.received).toHaveLength(0);
    subscription.resume();
    await google.pushesSettled();
    expect(receiver.received).toHaveLength(1);
  });

  it('drops, duplicates and reorders as often as configured, repeatably', async () => {
    const subscription = subscribe({ chaos: { drop: 0.2, duplicate: 0.3, reorder: 0.3, holdMs: 20 } });
    for (let i = 0; i < 100; i += 1) subscription.publish(String(i));
    await google.pushesSettled();
    const numbers = receiver.data().map(Number);
    expect(subscription.dropped).toBeGreaterThan(5);
    expect(new Set(numbers).size).toBe(100 - subscription.dropped);
    expect(numbers.length).toBeGreaterThan(new Set(numbers).size);
    expect(numbers).not.toEqual([...numbers].sort((a, b) => a - b));
  });

  it('uses one token for many pushes, and never one whose key is gone', async () => {
    const subscription = subscribe();
    const push = async (): Promise<string | undefined> => {
      subscription.publish('x');
      await google.pushesSettled();
      return receiver.received.at(-1)?.headers.authorization;
    };
    const first = await push();
    expect(await push()).toBe(first);
    await google.rotateKeys({ dropOld: true });
    expect(await push()).not.toBe(first);
  });
});
