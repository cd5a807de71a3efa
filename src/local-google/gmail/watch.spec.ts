import type { gmail_v1 } from 'googleapis/build/src/apis/gmail/index.js';
import type { LocalGoogle } from '../local-google';
import type { PushSubscription } from '../pubsub/push-subscription';
import { ANN, connect, MODIFY, refusal, startGoogle, TOPIC } from '../testing/connected';
import { PushReceiver } from '../testing/push-receiver';

const me = { userId: 'me' };
const DAY_MS = 86_400_000;

describe('Gmail watch', () => {
  let google: LocalGoogle;
  let gmail: gmail_v1.Gmail;
  let receiver: PushReceiver;
  let subscription: PushSubscription;

  beforeEach(async () => {
    google = await startGoogle();
    receiver = await PushReceiver.start();
    google.addAccount(ANN, { labels: ['Later'], pushAs: 'Ann@Example.com' });
    ({ gmail } = await connect(google, MODIFY));
    const identity = { serviceAccount: 'push@project-1.example', audience: 'aud' };
    const name = 'projects/project-1/subscriptions/gmail';
    subscription = google.pushTo({ url: receiver.url, ...identity, subscription: name, topic: TOPIC });
  });

  afterEach(async () => {
    await google.stop();
    await receiver.stop();
  });

  const watch = async (
    requestBody: gmail_v1.Schema$WatchRequest = {},
  ): Promise<gmail_v1.Schema$WatchResponse> =>
    (await gmail.users.watch({ ...me, requestBody: { topicName: TOPIC, ...requestBody } })).data;

  const pushesAfter = async (change: () => unknown): Promise<number> => {
    await google.pushesSettled();
    const before = subscription.attempts.length;
    change();
    await google.pushesSettled();
    return subscription.attempts.length - before;
  };

  it('lives for seven days and says so in milliseconds', async () => {
    const before = google.clock.now();
    const { expiration, historyId } = await watch();
    expect(historyId).toBe(google.historyId(ANN));
    expect(Number(expiration) - before).toBeGreaterThanOrEqual(7 * DAY_MS);
    expect(Number(expiration) - before).toBeLessThan(7 * DAY_MS + 10_000);
    expect(await pushesAfter(() => google.deliver(ANN))).toBe(1);
    google.clock.advance(7 * DAY_MS);
    expect(await pushesAfter(() => google.deliver(ANN))).toBe(0);
  });

  it('notifies at once, in the spelling of the account', async () => {
    const { historyId } = await watch();
    await google.pushesSettled();
    expect(receiver.data()).toEqual([`{"emailAddress":"Ann@Example.com","historyId":"${historyId}"}`]);
  });

  it('allows one topic at a time, and a new filter on the same one', async () => {
    await watch({ labelIds: ['INBOX'] });
    await watch({ labelIds: ['Label_1'] });
    const other = 'projects/project-1/topics/other';
    google.topics.add(other);
    expect(await refusal(watch({ topicName: other }))).toMatchObject({
      status: 400,
      error: {
        message: 'Only one user push notification client allowed per developer (call /stop then try again)',
      },
    });
    expect((await gmail.users.stop(me)).status).toBe(204);
    expect(await pushesAfter(() => google.deliver(ANN))).toBe(0);
    expect(await watch({ topicName: other })).toHaveProperty('expiration');
  });

  it('refuses unknown labels, topics of other projects and topics that it may not publish to', async () => {
    expect((await refusal(watch({ labelIds: ['Label_9'] }))).error).toMatchObject({
      code: 400,
      message: 'Invalid label: Label_9',
    });
    expect((await refusal(watch({ topicName: 'projects/other/topics/t' }))).error).toMatchObject({
      code: 400,
      message: 'Invalid topicName does not match projects/project-1/topics/*',
    });
    google.topics.permit(TOPIC, false);
    expect((await refusal(watch())).error).toMatchObject({
      code: 403,
      message: `Error sending test message to Cloud PubSub ${TOPIC} : User not authorized to perform this action.`,
    });
  });

  it('applies the label filter before and after a change', async () => {
    await watch({ labelIds: ['INBOX'], labelFilterBehavior: 'include' });
    const { id } = google.deliver(ANN);
    expect(await pushesAfter(() => google.deliver(ANN, { labelIds: ['SENT'] }))).toBe(0);
    expect(await pushesAfter(() => google.modify(ANN, id, { removeLabelIds: ['INBOX'] }))).toBe(1);
    expect(await pushesAfter(() => google.modify(ANN, id, { addLabelIds: ['STARRED'] }))).toBe(0);
    google.switches.ignoreLabelFilter = true;
    expect(await pushesAfter(() => google.modify(ANN, id, { removeLabelIds: ['STARRED'] }))).toBe(1);
  });

  it('excludes labels when asked to', async () => {
    await watch({ labelIds: ['SENT'], labelFilterBehavior: 'exclude' });
    expect(await pushesAfter(() => google.deliver(ANN, { labelIds: ['SENT'] }))).toBe(0);
    expect(await pushesAfter(() => google.deliver(ANN))).toBe(1);
  });

  it('notifies for changes that come through the API', async () => {
    await watch();
    const { id } = google.deliver(ANN);
    await google.pushesSettled();
    await gmail.users.messages.modify({ ...me, id, requestBody: { removeLabelIds: ['UNREAD'] } });
    await google.pushesSettled();
    expect(subscription.attempts).toHaveLength(3);
  });

  it('sends ids as numbers, and at most one notification a second, when switched on', async () => {
    await watch();
    google.switches.numericHistoryIds = true;
    google.switches.oneNotificationPerSecond = true;
    google.clock.advance(1000);
    const burst = (): void => [1, 2, 3].forEach(() => google.deliver(ANN));
    expect(await pushesAfter(burst)).toBe(1);
    google.clock.advance(1000);
    expect(await pushesAfter(() => google.deliver(ANN))).toBe(1);
    expect(receiver.data().at(-1)).toContain(`"historyId":${google.historyId(ANN)}}`);
  });
});
